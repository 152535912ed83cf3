// A Messages stream read as events of the internal form: one item for each content block.
// Facts: platform.claude.com/docs/en/build-with-claude/streaming.

import { asNumber, asObject, asText, type JsonObject, parseJson } from "../../../kit/json-value.ts";
import type { InternalEvent } from "../../internal.ts";
import { InternalWriter } from "../../internal-events.ts";
import type { EventReader, UpstreamAnswerTerms } from "../../upstream-format.ts";
import { UpstreamTools } from "../../upstream-tools.ts";
import { endingOf, usageOf } from "./ending.ts";
import { failureCode, messagesComplaint } from "./errors.ts";
import { packThinking } from "./thinking-pack.ts";

/** A block on its way; `text` is all of its deltas. */
interface Block {
  readonly start: JsonObject;
  text: string;
  signature: string;
}

export class MessagesReader implements EventReader {
  readonly #writer: InternalWriter;
  readonly #tools: UpstreamTools;
  readonly #blocks = new Map<number, Block>();
  /** As told at the beginning, and brought up to date at the end. */
  #usage: JsonObject = {};
  #stopReason: string | null = null;

  constructor({ request, answerId, now }: UpstreamAnswerTerms) {
    this.#writer = new InternalWriter({ answerId, now, model: request.model ?? "" });
    this.#tools = new UpstreamTools(request);
  }

  read(_name: string | null, data: string): readonly InternalEvent[] {
    const event = asObject(parseJson(data));
    if (event !== null) this.#take(event);
    return this.#writer.take();
  }

  end(): readonly InternalEvent[] {
    return this.#writer.take();
  }

  #take(event: JsonObject): void {
    const index = asNumber(event["index"]) ?? 0;
    switch (event["type"]) {
      case "message_start":
        this.#writer.start();
        this.#usage = asObject(asObject(event["message"])?.["usage"]) ?? {};
        return;
      case "content_block_start":
        return this.#begin(index, asObject(event["content_block"]) ?? {});
      case "content_block_delta":
        return this.#delta(index, asObject(event["delta"]) ?? {});
      case "content_block_stop":
        return this.#stop(index);
      case "message_delta":
        this.#usage = { ...this.#usage, ...countsIn(event["usage"]) };
        this.#stopReason = asText(asObject(event["delta"])?.["stop_reason"]) ?? this.#stopReason;
        return;
      case "message_stop":
        return this.#writer.end(endingOf(this.#stopReason), usageOf(this.#usage));
      case "error":
        return this.#fail(event);
      default:
    }
  }

  #begin(index: number, start: JsonObject): void {
    const block = { start, text: "", signature: "" };
    this.#blocks.set(index, block);
    if (start["type"] === "tool_use") {
      this.#writer.call(String(index), this.#tools.startOf(asText(start["name"]) ?? "", asText(start["id"]) ?? ""));
    }
    // Some servers put the beginning of a text into the block itself.
    if (start["type"] === "text") this.#writer.say(asText(start["text"]) ?? "");
    if (start["type"] === "thinking") this.#think(block, asText(start["thinking"]) ?? "");
  }

  #delta(index: number, delta: JsonObject): void {
    const block = this.#blocks.get(index);
    if (block === undefined) return;
    switch (delta["type"]) {
      case "text_delta":
        return this.#writer.say(asText(delta["text"]) ?? "");
      case "thinking_delta":
        return this.#think(block, asText(delta["thinking"]) ?? "");
      case "signature_delta":
        block.signature += asText(delta["signature"]) ?? "";
        return;
      case "input_json_delta":
        block.text += asText(delta["partial_json"]) ?? "";
        return this.#writer.argue(String(index), asText(delta["partial_json"]) ?? "");
      default:
    }
  }

  #think(block: Block, text: string): void {
    block.text += text;
    this.#writer.think(text);
  }

  #stop(index: number): void {
    const block = this.#blocks.get(index);
    this.#blocks.delete(index);
    if (block === undefined) return;
    const { start, text } = block;
    switch (start["type"]) {
      case "thinking": {
        const signature = block.signature || asText(start["signature"]) || "";
        return this.#writer.seal(packThinking({ type: "thinking", thinking: text, signature }));
      }
      case "redacted_thinking":
        return this.#writer.seal(packThinking(start));
      case "tool_use":
        // A server that answers in one piece gives the whole input at once.
        if (text === "") this.#writer.argue(String(index), wholeInput(start["input"]));
        return this.#writer.endCall(String(index));
      case "server_tool_use":
        return this.#writer.item((id) => searchItem(id, start, text));
      default:
    }
  }

  #fail(event: JsonObject): void {
    const complaint = messagesComplaint(event);
    const { message } = complaint;
    this.#writer.end({ status: "failed", code: failureCode(complaint), message }, usageOf(this.#usage));
  }
}

/** Some servers name counts that they do not know at the end. */
function countsIn(usage: unknown): JsonObject {
  return Object.fromEntries(Object.entries(asObject(usage) ?? {}).filter(([, count]) => count !== null));
}

function wholeInput(input: unknown): string {
  const given = asObject(input);
  return given === null || Object.keys(given).length === 0 ? "" : JSON.stringify(given);
}

function searchItem(id: string, start: JsonObject, json: string): JsonObject {
  const query =
    asText(asObject(parseJson(json || "{}"))?.["query"]) ?? asText(asObject(start["input"])?.["query"]) ?? "";
  return { id, type: "web_search_call", status: "completed", action: { type: "search", query } };
}
