// What the tests of this format share: short ways to ask for a translation, and a reader of Messages streams that is as
// strict as the grammar of the public API and shares no code with the writer.

import type { InternalEvent } from "../internal.ts";
import type { AnswerTerms, Translation } from "../translation.ts";
import { translateMessages } from "./request.ts";

export const terms: AnswerTerms = { model: "claude-opus-5-5", owner: "acc_1", now: 1_800_000_000_000 };

export function translated(request: object): Translation {
  const result = translateMessages(Buffer.from(JSON.stringify(request)));
  if (!result.ok) throw new Error(result.fault.message);
  return result.translation;
}

/** As an upstream gets it: what is undefined is not there. */
export function sent(request: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(translated(request).request)) as Record<string, unknown>;
}

/** The path of the field at fault; null when nothing is. */
export function faultOf(request: unknown): string | null {
  const result = translateMessages(Buffer.from(JSON.stringify(request)));
  return result.ok ? null : (result.fault.param ?? "");
}

export const user = (content: unknown) => ({ role: "user", content });
export const assistant = (...content: unknown[]) => ({ role: "assistant", content });

export interface StreamedMessage {
  readonly content: ReadonlyArray<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

interface Reading {
  message: Record<string, unknown> | null;
  content: Array<Record<string, unknown>>;
  /** The pieces of JSON of the block that is open. */
  json: string;
  isOpen: boolean;
  hasDelta: boolean;
  isOver: boolean;
}

type Said = Record<string, Record<string, unknown>> & { type: string };

/** The message a client puts together from a stream. Throws where the stream breaks the grammar. */
export function readStream(text: string): StreamedMessage {
  const reading: Reading = { message: null, content: [], json: "", isOpen: false, hasDelta: false, isOver: false };
  for (const frame of text.split("\n\n").slice(0, -1)) {
    const [, name, json] = /^event: (\w+)\ndata: (.*)$/.exec(frame) ?? [];
    const event = JSON.parse(json ?? "null") as Said;
    demand(event.type === name, `the event is called ${name} and ${event?.type}`);
    readEvent(reading, event);
  }
  demand(reading.isOver, "the stream has no end");
  return { ...reading.message, content: reading.content };
}

function readEvent(reading: Reading, event: Said): void {
  demand(!reading.isOver, `${event.type} after the end`);
  demand((event.type === "message_start") === (reading.message === null), `${event.type} out of place`);
  switch (event.type) {
    case "message_start":
      reading.message = { ...event["message"] };
      return;
    case "content_block_start":
      demand(
        !reading.isOpen && !reading.hasDelta && Number(event["index"]) === reading.content.length,
        "start in place",
      );
      reading.content.push({ ...event["content_block"] });
      reading.isOpen = true;
      reading.json = "";
      return;
    case "content_block_delta":
      demand(reading.isOpen && Number(event["index"]) === reading.content.length - 1, "delta in its block");
      return readDelta(reading, event["delta"] ?? {});
    case "content_block_stop":
      demand(reading.isOpen && Number(event["index"]) === reading.content.length - 1, "stop of the open block");
      reading.isOpen = false;
      if (reading.json !== "") last(reading)["input"] = objectOf(reading.json);
      return;
    case "message_delta":
      demand(!reading.isOpen && !reading.hasDelta, "no block is open at the end");
      reading.hasDelta = true;
      reading.message = { ...reading.message, ...event["delta"], usage: event["usage"] };
      return;
    case "message_stop":
      demand(reading.hasDelta, "the end is told first");
      reading.isOver = true;
      return;
    default:
      throw new Error(`unknown event ${event.type}`);
  }
}

/** Which deltas a block takes. */
const TAKES: Readonly<Record<string, readonly string[]>> = {
  text: ["text_delta", "citations_delta"],
  thinking: ["thinking_delta", "signature_delta"],
  tool_use: ["input_json_delta"],
  server_tool_use: ["input_json_delta"],
};

function readDelta(reading: Reading, delta: Record<string, unknown>): void {
  const block = last(reading);
  const piece = (key: string) => String(delta[key]);
  const type = piece("type");
  demand(TAKES[String(block["type"])]?.includes(type) ?? false, `${type} in another block`);
  if (type === "text_delta") block["text"] = String(block["text"]) + piece("text");
  if (type === "thinking_delta") block["thinking"] = String(block["thinking"]) + piece("thinking");
  if (type === "signature_delta") block["signature"] = delta["signature"];
  if (type === "input_json_delta") reading.json += piece("partial_json");
  if (type === "citations_delta") {
    block["citations"] = [...((block["citations"] as unknown[] | undefined) ?? []), delta["citation"]];
  }
}

function last({ content }: Reading): Record<string, unknown> {
  return content.at(-1) ?? {};
}

function objectOf(json: string): unknown {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

function demand(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(`the stream breaks a rule: ${what}`);
}

/** Everything that is written for these events. */
export function streamed(request: object, events: readonly InternalEvent[]): string {
  const writer = translated(request).stream(terms);
  return events.map((event) => writer.write(event)).join("");
}
