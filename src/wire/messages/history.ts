// The conversation so far, as items of the internal form.

import { asList, asObject, asText, type JsonObject } from "../../kit/json-value.ts";
import type { Item } from "../internal.ts";
import { unpackSeal } from "../reasoning-seal.ts";
import { fittingCallId, type ToolNames } from "../tool-names.ts";
import { FaultyRequest } from "../translation.ts";
import { type Part, partsOf, partsOfBlock } from "./content.ts";

/** What Anthropic's own tools did in earlier turns: their outcome stands in the text that follows, and nobody else can read it. */
const OTHERS_WORK = /^(?:server_tool_use|redacted_thinking|mcp_tool_use|mcp_tool_result|[a-z_]+_tool_result)$/;

/** The account that can open the newest sealed thinking; null when there is none of ours. */
export function lastSealOwner(messages: unknown): string | null {
  for (const message of asList(messages).toReversed()) {
    for (const block of asList(asObject(message)?.["content"]).toReversed()) {
      const seal = unpackSeal(asObject(block)?.["signature"]);
      if (seal !== null) return seal.owner;
    }
  }
  return null;
}

export class History {
  readonly #names: ToolNames;
  readonly #sealOwner: string | null;
  readonly #items: Item[] = [];
  #parts: Part[] = [];
  #role = "user";

  constructor(names: ToolNames, sealOwner: string | null) {
    this.#names = names;
    this.#sealOwner = sealOwner;
  }

  items(messages: unknown): readonly Item[] {
    if (!Array.isArray(messages)) throw new FaultyRequest("messages", "`messages` must be a list.");
    for (const [at, message] of messages.entries()) this.#message(asObject(message) ?? {}, `messages[${at}]`);
    return this.#items;
  }

  #message(message: JsonObject, place: string): void {
    const content = message["content"];
    const at = `${place}.content`;
    switch (message["role"]) {
      case "user":
        this.#user(content, at);
        break;
      case "assistant":
        this.#assistant(content, at);
        break;
      // Claude Code puts rules in the middle of a conversation; upstreams call whoever speaks them the developer.
      case "system":
        this.#role = "developer";
        this.#parts.push(...partsOf(content, at));
        break;
      default:
        throw new FaultyRequest(`${place}.role`, `\`${place}.role\` must be user, assistant or system.`);
    }
    this.#flush();
  }

  #user(content: unknown, place: string): void {
    this.#role = "user";
    if (!Array.isArray(content)) {
      this.#parts.push(...partsOf(content, place));
      return;
    }
    for (const [at, value] of content.entries()) {
      const block = asObject(value) ?? {};
      if (block["type"] === "tool_result") {
        this.#flush();
        this.#items.push(outputOf(block, `${place}[${at}]`));
      } else this.#parts.push(...partsOfBlock(block, `${place}[${at}]`));
    }
  }

  #assistant(content: unknown, place: string): void {
    this.#role = "assistant";
    if (typeof content === "string") return this.#say(content);
    for (const [at, value] of asList(content).entries()) this.#block(asObject(value) ?? {}, `${place}[${at}]`);
  }

  #block(block: JsonObject, place: string): void {
    const type = asText(block["type"]) ?? "";
    if (type === "text") return this.#say(asText(block["text"]) ?? "");
    if (type === "thinking") return this.#think(block);
    if (type === "tool_use") return this.#call(block);
    if (OTHERS_WORK.test(type)) return;
    throw new FaultyRequest(place, `A content block of type "${type.slice(0, 60)}" is not supported at ${place}.`);
  }

  #say(text: string): void {
    if (text !== "") this.#parts.push({ type: "output_text", text });
  }

  /** Only what the conversation's own account has sealed; thinking is never told as if it had been said. */
  #think(block: JsonObject): void {
    const seal = unpackSeal(block["signature"]);
    if (seal === null || seal.owner !== this.#sealOwner) return;
    this.#flush();
    this.#items.push({ type: "reasoning", summary: [], encrypted_content: seal.ciphertext });
  }

  #call(block: JsonObject): void {
    this.#flush();
    this.#items.push({
      type: "function_call",
      call_id: fittingCallId(asText(block["id"]) ?? ""),
      name: this.#names.shorten(asText(block["name"]) ?? ""),
      arguments: JSON.stringify(block["input"] ?? {}),
    });
  }

  #flush(): void {
    if (this.#parts.length > 0) this.#items.push({ type: "message", role: this.#role, content: this.#parts });
    this.#parts = [];
  }
}

function outputOf(block: JsonObject, place: string): Item {
  const call_id = fittingCallId(asText(block["tool_use_id"]) ?? "");
  const parts = partsOf(block["content"], `${place}.content`);
  // The model has to see that a call has failed.
  if (block["is_error"] === true) parts.unshift({ type: "input_text", text: "[the tool call failed]" });
  const only = parts.length === 1 ? asText(parts[0]?.["text"]) : null;
  return { type: "function_call_output", call_id, output: only ?? (parts.length === 0 ? "" : parts) };
}
