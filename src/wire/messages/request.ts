// A Messages request in the internal form.

import { asNumber, asObject, asText, type JsonObject, parseJson } from "../../kit/json-value.ts";
import type { InternalRequest } from "../internal.ts";
import { sessionOf } from "../responses/request.ts";
import { ToolNames } from "../tool-names.ts";
import { FaultyRequest, type Translated, type Translation, translating } from "../translation.ts";
import { checkFields } from "./known-fields.ts";
import { messagesReply } from "./reply.ts";
import { isStrictSchema } from "./schema.ts";
import { messagesStream } from "./stream.ts";
import { readSystem } from "./system.ts";
import { readThinking } from "./thinking.ts";
import { readChoice, readTools } from "./tools.ts";
import { readTranscript } from "./transcript.ts";

export function translateMessages(body: Buffer): Translated {
  return translating(() => {
    const asked = asObject(parseJson(body));
    if (asked === null) throw new FaultyRequest("body", "The request body must be a JSON object.");
    return translate(asked);
  });
}

function translate(asked: JsonObject): Translation {
  const names = new ToolNames();
  const dropped = checkFields(asked);
  const transcript = readTranscript(asked["messages"], names);
  if (transcript.items.length === 0) throw new FaultyRequest("messages", "`messages` must hold at least one text.");
  const tools = readTools(asked["tools"], transcript.toolChanges, { names, dropped });
  const config = asObject(asked["output_config"]);
  const effort = transcript.effort ?? asText(config?.["effort"]);
  const { reasoning, display } = readThinking(asked["thinking"], effort, dropped);
  const request: InternalRequest = {
    model: asText(asked["model"]) ?? undefined,
    instructions: readSystem(asked["system"]),
    input: transcript.items,
    tools: tools.size === 0 ? undefined : [...tools.values()],
    ...readChoice(asked["tool_choice"], tools),
    reasoning,
    text: readFormat(config?.["format"] ?? asked["output_format"]),
    include: includes([...tools.values()]),
    service_tier: readTier(asked),
    prompt_cache_key: cacheKey(asked),
    max_output_tokens: readLimit(asked["max_tokens"]),
    temperature: asNumber(asked["temperature"]) ?? undefined,
    top_p: asNumber(asked["top_p"]) ?? undefined,
  };
  return {
    request,
    sealOwner: transcript.sealOwner,
    dropped: [...dropped],
    stream: (terms) => messagesStream({ ...terms, names, display }),
    reply: (answer, terms) => messagesReply(answer, { ...terms, names, display }),
  };
}

function readFormat(value: unknown): JsonObject | undefined {
  const format = asObject(value);
  if (format === null) return undefined;
  const schema = asObject(format["schema"]);
  if (format["type"] !== "json_schema" || schema === null) {
    throw new FaultyRequest("output_config.format", "The format must be of the type `json_schema`, with a `schema`.");
  }
  const { $schema: _dialect, ...plain } = schema;
  return { format: { type: "json_schema", name: "answer", schema: plain, strict: isStrictSchema(plain) } };
}

/** What answers have to hold so that they can be told, and the conversation be carried on. */
function includes(tools: readonly JsonObject[]): readonly string[] {
  const hasSearch = tools.some(({ type }) => type === "web_search");
  return ["reasoning.encrypted_content", ...(hasSearch ? ["web_search_call.action.sources"] : [])];
}

function readTier(asked: JsonObject): string | undefined {
  if (asked["speed"] === "fast") return "priority";
  const tier = asText(asked["service_tier"]);
  return tier === "fast" || tier === "priority" || tier === "flex" ? tier : undefined;
}

const LONGEST_CACHE_KEY = 64;

function cacheKey(asked: JsonObject): string | undefined {
  const userId = asText(asObject(asked["metadata"])?.["user_id"]);
  return sessionOf(userId ?? undefined)?.slice(0, LONGEST_CACHE_KEY);
}

/** The Responses API takes no smaller limit. */
const SMALLEST_LIMIT = 16;

function readLimit(value: unknown): number | undefined {
  const limit = asNumber(value);
  return limit === null ? undefined : Math.max(SMALLEST_LIMIT, Math.floor(limit));
}
