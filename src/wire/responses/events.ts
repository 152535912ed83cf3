// Kinds of Responses stream events, told from their first bytes.
// Facts: events of the ChatGPT Codex backend as captured with Codex 0.169; vendor events from openai/codex.

import { findMember, scanMembers, stringOf, valueOf } from "../../kit/json-scan.ts";
import type { TokenUsage } from "../protocol.ts";

/**
 * `silent` says nothing yet (created, in_progress, metadata, keep-alives), `limits` is a rate limit reading, `failed`
 * covers response.failed and error; everything else is `content`.
 */
export type EventKind = "silent" | "limits" | "content" | "completed" | "incomplete" | "failed";

const KINDS: ReadonlyMap<string, EventKind> = new Map([
  ["response.created", "silent"],
  ["response.in_progress", "silent"],
  ["response.queued", "silent"],
  ["response.metadata", "silent"],
  ["codex.response.metadata", "silent"],
  ["codex.keepalive", "silent"],
  ["keepalive", "silent"],
  ["codex.rate_limits", "limits"],
  ["response.completed", "completed"],
  ["response.done", "completed"],
  ["response.incomplete", "incomplete"],
  ["response.failed", "failed"],
  ["error", "failed"],
]);

const EVENT_FIELD = Buffer.from("event:");
const TYPE_KEY = Buffer.from('"type":');
const QUOTE = 0x22;
const LONGEST_NAME = 64;

/** The kind of the event in `bytes[start, end)`; a block of comments or blank lines is `silent`. */
export function eventKind(bytes: Buffer, start: number, end: number): EventKind {
  const name = eventName(bytes, start, end);
  if (name === null) return "silent";
  return KINDS.get(name) ?? "content";
}

export function isTerminal(kind: EventKind): boolean {
  return kind === "completed" || kind === "incomplete" || kind === "failed";
}

/** The event's name: empty for data without one, null for a block of comments or blank lines. */
export function eventName(bytes: Buffer, start: number, end: number): string | null {
  if (startsWith(bytes, start, EVENT_FIELD)) {
    let from = start + EVENT_FIELD.length;
    if (bytes[from] === 0x20) from += 1;
    let to = from;
    while (to < end && (bytes[to] ?? 0) > 0x20) to += 1;
    return bytes.toString("latin1", from, to);
  }
  return nameFromPayload(bytes, start, end);
}

/** Frames without an `event:` line name themselves in the JSON, where `type` comes first in practice. */
function nameFromPayload(bytes: Buffer, start: number, end: number): string | null {
  const key = bytes.indexOf(TYPE_KEY, start);
  if (key < 0 || key >= end) return bytes[start] === 0x64 ? "" : null;
  let from = key + TYPE_KEY.length;
  while (from < end && bytes[from] !== QUOTE) from += 1;
  const to = bytes.indexOf(QUOTE, from + 1);
  if (to < 0 || to > end || to - from > LONGEST_NAME) return "";
  return bytes.toString("latin1", from + 1, to);
}

function startsWith(bytes: Buffer, at: number, prefix: Buffer): boolean {
  for (let index = 0; index < prefix.length; index += 1) {
    if (bytes[at + index] !== prefix[index]) return false;
  }
  return true;
}

/** The joined `data:` lines of one event. */
export function eventPayload(bytes: Buffer, start: number, end: number): Buffer {
  const lines: Buffer[] = [];
  let lineStart = start;
  while (lineStart < end) {
    let lineEnd = bytes.indexOf(0x0a, lineStart);
    if (lineEnd < 0 || lineEnd >= end) lineEnd = end;
    const contentEnd = bytes[lineEnd - 1] === 0x0d ? lineEnd - 1 : lineEnd;
    if (bytes.toString("latin1", lineStart, lineStart + 5) === "data:") {
      const contentStart = bytes[lineStart + 5] === 0x20 ? lineStart + 6 : lineStart + 5;
      lines.push(bytes.subarray(contentStart, contentEnd));
    }
    lineStart = lineEnd + 1;
  }
  return lines.length === 1 && lines[0] !== undefined ? lines[0] : Buffer.concat(lines);
}

/** What the gateway keeps of a terminal event. */
export interface TerminalFacts {
  readonly model: string | null;
  readonly usage: TokenUsage | null;
  readonly error: { readonly code: string | null; readonly type: string | null; readonly message: string } | null;
  readonly incompleteReason: string | null;
}

/** Reads the few facts of a terminal event's payload without parsing the output it repeats. */
export function readTerminal(payload: Buffer): TerminalFacts {
  const outer = scanMembers(payload);
  const response = findMember(outer, "response");
  const members = response === undefined ? outer : scanMembers(payload, response.start);
  const incomplete = asRecord(valueOf(payload, findMember(members, "incomplete_details")));
  return {
    model: stringOf(payload, findMember(members, "model")) ?? null,
    usage: readUsage(valueOf(payload, findMember(members, "usage"))),
    error:
      readError(valueOf(payload, findMember(members, "error"))) ??
      readError(valueOf(payload, findMember(outer, "error"))) ??
      flatError(payload, outer),
    incompleteReason: typeof incomplete?.["reason"] === "string" ? incomplete["reason"] : null,
  };
}

/** `{type:"error", code, message}`: the form the public API uses in streams. */
function flatError(payload: Buffer, outer: ReturnType<typeof scanMembers>): TerminalFacts["error"] {
  const message = stringOf(payload, findMember(outer, "message"));
  if (message === undefined) return null;
  return { code: stringOf(payload, findMember(outer, "code")) ?? null, type: null, message };
}

function readError(value: unknown): TerminalFacts["error"] {
  const error = asRecord(value);
  if (error === null) return null;
  return { code: text(error["code"]), type: text(error["type"]), message: text(error["message"]) ?? "" };
}

/** Reads a `usage` object of a Responses or Chat Completions answer. */
export function readUsage(value: unknown): TokenUsage | null {
  const usage = asRecord(value);
  if (usage === null) return null;
  const inputDetails = asRecord(usage["input_tokens_details"] ?? usage["prompt_tokens_details"]);
  const outputDetails = asRecord(usage["output_tokens_details"] ?? usage["completion_tokens_details"]);
  return {
    input: count(usage["input_tokens"] ?? usage["prompt_tokens"]),
    cachedInput: count(inputDetails?.["cached_tokens"]),
    output: count(usage["output_tokens"] ?? usage["completion_tokens"]),
    reasoningOutput: count(outputDetails?.["reasoning_tokens"]),
    total: count(usage["total_tokens"]),
  };
}

function asRecord(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function count(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
