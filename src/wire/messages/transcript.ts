// The messages of a request as input items, in their order.

import { asObject, asText, type JsonObject } from "../../kit/json-value.ts";
import type { Item } from "../internal.ts";
import { unpackSeal } from "../reasoning-seal.ts";
import { fittingCallId, type ToolNames } from "../tool-names.ts";
import { FaultyRequest } from "../translation.ts";
import { blocksOf, inputParts, type Part, type Placed, textParts, unknownBlock } from "./parts.ts";

export interface Transcript {
  readonly items: readonly Item[];
  /** Whose sealed reasoning is among them. */
  readonly sealOwner: string | null;
  /** What the last message with an effort of its own asks for. */
  readonly effort: string | null;
  /** Blocks that add or remove a tool in the middle of the conversation. */
  readonly toolChanges: readonly Placed[];
}

interface Draft {
  readonly names: ToolNames;
  readonly items: Item[];
  /** Owners of the reasoning items. */
  readonly owners: Map<Item, string>;
  readonly toolChanges: Placed[];
  /** The message that is being put together. */
  role: "user" | "assistant" | "developer";
  parts: Part[];
}

const ROLES = { user: "user", assistant: "assistant", system: "developer" } as const;

export function readTranscript(messages: unknown, names: ToolNames): Transcript {
  if (!Array.isArray(messages)) throw new FaultyRequest("messages", "`messages` must be a list of messages.");
  const draft: Draft = { names, items: [], owners: new Map(), toolChanges: [], role: "user", parts: [] };
  let effort: string | null = null;
  for (const [index, entry] of messages.entries()) {
    const message = asObject(entry) ?? {};
    const role = ROLES[asText(message["role"]) as keyof typeof ROLES];
    if (role === undefined) {
      throw new FaultyRequest(`messages[${index}].role`, "A message's role must be `user`, `assistant` or `system`.");
    }
    draft.role = role;
    effort = asText(asObject(message["output_config"])?.["effort"]) ?? effort;
    for (const placed of blocksOf(message["content"], `messages[${index}].content`)) addBlock(draft, placed);
    closeMessage(draft);
  }
  // Sealed reasoning can only be opened by one account: the one that answered last.
  const sealOwner = [...draft.owners.values()].at(-1) ?? null;
  const items = draft.items.filter((item) => (draft.owners.get(item) ?? sealOwner) === sealOwner);
  return { items, sealOwner, effort, toolChanges: draft.toolChanges };
}

function addBlock(draft: Draft, placed: Placed): void {
  const { block } = placed;
  switch (block["type"]) {
    case "thinking":
      return addReasoning(draft, block["signature"]);
    case "redacted_thinking":
      return addReasoning(draft, block["data"]);
    case "tool_addition":
    case "tool_removal":
      draft.toolChanges.push(placed);
      return;
    case "compaction":
      return addSummary(draft, placed);
    default:
      if (draft.role === "assistant") addSaid(draft, placed);
      else if (draft.role === "user" && block["type"] === "tool_result") addResult(draft, placed);
      else draft.parts.push(...inputParts(placed, draft.names));
  }
}

function closeMessage(draft: Draft): void {
  if (draft.parts.length > 0) draft.items.push({ type: "message", role: draft.role, content: draft.parts });
  draft.parts = [];
}

function addItem(draft: Draft, item: Item): void {
  closeMessage(draft);
  draft.items.push(item);
}

/** Thinking that was not sealed for us says nothing to our upstreams, and its text is no answer. */
function addReasoning(draft: Draft, signature: unknown): void {
  const seal = draft.role === "assistant" ? unpackSeal(signature) : null;
  if (seal === null) return;
  const item = { type: "reasoning", summary: [], encrypted_content: seal.ciphertext };
  draft.owners.set(item, seal.owner);
  addItem(draft, item);
}

/** A summary that another server wrote of what was said before. */
function addSummary(draft: Draft, { block, place }: Placed): void {
  for (const [index, change] of (Array.isArray(block["tool_changes"]) ? block["tool_changes"] : []).entries()) {
    draft.toolChanges.push({ block: asObject(change) ?? {}, place: `${place}.tool_changes[${index}]` });
  }
  const content = textParts(asText(block["content"]) ?? "");
  if (content.length > 0) addItem(draft, { type: "message", role: "user", content });
}

function addSaid(draft: Draft, { block, place }: Placed): void {
  switch (block["type"]) {
    case "text": {
      const text = asText(block["text"]) ?? "";
      if (text !== "") draft.parts.push({ type: "output_text", text });
      return;
    }
    case "tool_use":
      return addItem(draft, {
        type: "function_call",
        call_id: callId(block["id"], `${place}.id`),
        name: draft.names.shorten(toolName(block, place)),
        arguments: JSON.stringify(asObject(block["input"]) ?? {}),
      });
    case "server_tool_use":
      return addHosted(draft, block);
    default:
      if (!HOSTED_WORK.test(asText(block["type"]) ?? "")) throw unknownBlock(block, place);
  }
}

/**
 * What tools of the vendor did in earlier turns. The results of searches are sealed for the vendor, and what came of them
 * stands in the text that follows.
 */
const HOSTED_WORK = /^(?:mcp_tool_use|[a-z_]+_tool_result)$/;

/** A search is known upstream, other tools of the vendor are not. */
function addHosted(draft: Draft, block: JsonObject): void {
  if (block["name"] !== "web_search") return;
  const query = asText(asObject(block["input"])?.["query"]) ?? "";
  addItem(draft, { type: "web_search_call", status: "completed", action: { type: "search", query } });
}

function addResult(draft: Draft, { block, place }: Placed): void {
  const call = callId(block["tool_use_id"], `${place}.tool_use_id`);
  const parts = blocksOf(block["content"], `${place}.content`).flatMap((inner) => inputParts(inner, draft.names));
  addItem(draft, { type: "function_call_output", call_id: call, output: outputOf(parts, block["is_error"] === true) });
}

/** The internal form has no flag for it, so that the model is told in words. */
const FAILED = "[The tool failed]";

function outputOf(parts: readonly Part[], isError: boolean): string | readonly Part[] {
  if (parts.length > 1 || (parts.length === 1 && parts[0]?.["type"] !== "input_text")) {
    return isError ? [...textParts(FAILED), ...parts] : parts;
  }
  const text = asText(parts[0]?.["text"]) ?? "";
  return isError ? `${FAILED}\n${text}` : text;
}

function callId(id: unknown, place: string): string {
  if (typeof id !== "string" || id === "") throw new FaultyRequest(place, `\`${place}\` must be the id of a call.`);
  return fittingCallId(id);
}

function toolName(block: JsonObject, place: string): string {
  const name = asText(block["name"]) ?? "";
  if (name === "") throw new FaultyRequest(`${place}.name`, `\`${place}.name\` must be the name of a tool.`);
  return name;
}
