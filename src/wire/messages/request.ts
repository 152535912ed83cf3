// A Messages request in the internal form.
// Facts: platform.claude.com/docs/en/api/messages; what Claude Code 2.1 sends was observed.

import { asList, asObject, asText, asNumber, type JsonObject, parseJson } from "../../kit/json-value.ts";
import type { RequestFields } from "../protocol.ts";
import { findMember, isTrue, scanMembers, stringOf } from "../../kit/json-scan.ts";
import type { InternalRequest, Item } from "../internal.ts";
import { sessionOf } from "../responses/request.ts";
import { ToolNames } from "../tool-names.ts";
import { FaultyRequest, translating, type Translated } from "../translation.ts";
import { History, lastSealOwner } from "./history.ts";
import { reasoningOf } from "./effort.ts";
import { messagesReply } from "./reply.ts";
import { MessagesStream } from "./stream.ts";
import { choiceOf, toolsOf } from "./tools.ts";

/** Taken over, or without meaning upstream: they need not be told of. */
const READ: ReadonlySet<string> = new Set([
  "model",
  "messages",
  "system",
  "max_tokens",
  "stream",
  "metadata",
  "tools",
  "tool_choice",
  "thinking",
  "temperature",
  "top_p",
  "service_tier",
  "speed",
  "output_config",
  "output_format",
  // What a cache of another vendor keeps, and which of its trial features are on.
  "cache_control",
  "betas",
  "anthropic_beta",
  "anthropic_version",
  "context_management",
]);

/** Claude Code names its release in the first block; it differs between conversations and would spoil every prompt cache. */
const BILLING = /^x-anthropic-billing-header:/;

export function readMessagesFields(body: Buffer): RequestFields {
  const members = scanMembers(body);
  const metadata = findMember(members, "metadata");
  const output = findMember(members, "output_config");
  const user = metadata && stringOf(body, findMember(scanMembers(body, metadata.start), "user_id"));
  return {
    model: stringOf(body, findMember(members, "model")) ?? null,
    isStream: isTrue(body, findMember(members, "stream")),
    reasoningEffort: (output && stringOf(body, findMember(scanMembers(body, output.start), "effort"))) ?? null,
    serviceTier: stringOf(body, findMember(members, "service_tier")) ?? null,
    conversation: sessionOf(user),
  };
}

export function translateMessages(body: Buffer): Translated {
  return translating(() => {
    const request = asObject(parseJson(body));
    if (request === null) throw new FaultyRequest("", "The request body must be a JSON object.");
    const names = new ToolNames();
    const sealOwner = lastSealOwner(request["messages"]);
    const history = new History(names, sealOwner);
    const instructions = textOfSystem(request["system"]);
    const isThinking = asText(asObject(request["thinking"])?.["type"]) !== null && thinks(request);
    return {
      request: internal(request, { input: history.items(request["messages"]), instructions, names }),
      sealOwner,
      dropped: Object.keys(request).filter((key) => !READ.has(key)),
      stream: (terms) => new MessagesStream({ ...terms, names, isThinking }),
      reply: (answer, terms) => messagesReply(answer, { ...terms, names, isThinking }),
    };
  });
}

function thinks(request: JsonObject): boolean {
  return asObject(request["thinking"])?.["type"] !== "disabled";
}

interface Parts {
  readonly input: readonly Item[];
  readonly instructions: string;
  readonly names: ToolNames;
}

function internal(request: JsonObject, { input, instructions, names }: Parts): InternalRequest {
  refuseWhatLivesElsewhere(request);
  const tools = toolsOf(request["tools"], names);
  const choice = asObject(request["tool_choice"]);
  return withoutNothing({
    model: asText(request["model"]) ?? undefined,
    instructions,
    input,
    tools: tools.length === 0 ? undefined : tools,
    tool_choice: tools.length === 0 ? undefined : choiceOf(choice, names),
    parallel_tool_calls: tools.length === 0 ? undefined : choice?.["disable_parallel_tool_use"] !== true,
    reasoning: reasoningOf(request),
    text: formatOf(request),
    max_output_tokens: asNumber(request["max_tokens"]) ?? undefined,
    temperature: asNumber(request["temperature"]) ?? undefined,
    top_p: asNumber(request["top_p"]) ?? undefined,
    service_tier: request["speed"] === "fast" ? "priority" : undefined,
    prompt_cache_key: sessionOf(asText(asObject(request["metadata"])?.["user_id"]) ?? undefined) ?? undefined,
  });
}

function refuseWhatLivesElsewhere(request: JsonObject): void {
  if (asList(request["mcp_servers"]).length > 0) {
    throw new FaultyRequest("mcp_servers", "`mcp_servers` are run by Anthropic only; connect them in the client.");
  }
  if (asText(request["container"]) !== null) {
    throw new FaultyRequest("container", "`container` names something kept at Anthropic, which is not asked here.");
  }
}

function textOfSystem(system: unknown): string {
  if (typeof system === "string") return system;
  const texts = asList(system).map((block) => asText(asObject(block)?.["text"]) ?? "");
  return texts.filter((text) => text !== "" && !BILLING.test(text)).join("\n\n");
}

/** `output_config.format`, or `output_format` as it was called first. */
function formatOf(request: JsonObject): object | undefined {
  const format = asObject(asObject(request["output_config"])?.["format"]) ?? asObject(request["output_format"]);
  if (format === null) return undefined;
  if (format["type"] !== "json_schema" || asObject(format["schema"]) === null) {
    throw new FaultyRequest("output_config.format", "The output format must be a `json_schema` with its `schema`.");
  }
  return { format: { type: "json_schema", name: "output", schema: format["schema"], strict: true } };
}

function withoutNothing<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
