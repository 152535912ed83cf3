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
const DATA_FIELD = Buffer.from("data:");
/** How the events begin that carry an answer, up to the letter that tells them from the others. */
const PIECE = Buffer.from("event: response.");
const LETTER_O = 0x6f;
const LETTER_R = 0x72;
const LINE_FEED = Buffer.from("\n");
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;

/** The kind of the event in `bytes[start, end)`; a block of comments or blank lines is `silent`. */
export function eventKind(bytes: Buffer, start: number, end: number): EventKind {
  if (isPieceOfAnswer(bytes, start)) return "content";
  return kindOf(eventName(bytes, start, end));
}

/** Nearly all events of a stream are `response.output_…` or `response.reasoning_…`; those need no look at their name. */
function isPieceOfAnswer(bytes: Buffer, start: number): boolean {
  const next = bytes[start + PIECE.length];
  return (next === LETTER_O || next === LETTER_R) && startsWith(bytes, start, PIECE);
}

/** The kind as far as the first bytes of an event tell; null when only the whole event does. */
export function kindFromHead(bytes: Buffer, start: number, end: number): EventKind | null {
  const from = findEventLine(bytes, start, end);
  const isWhole = from >= 0 && endOfWord(bytes, from, end) < end;
  return isWhole ? kindOf(wordAt(bytes, from, end)) : null;
}

function kindOf(name: string | null): EventKind {
  return name === null ? "silent" : (KINDS.get(name) ?? "content");
}

export function isTerminal(kind: EventKind): boolean {
  return kind === "completed" || kind === "incomplete" || kind === "failed";
}

/** The event's name: empty for data without one, null for a block of comments or blank lines. */
export function eventName(bytes: Buffer, start: number, end: number): string | null {
  const from = findEventLine(bytes, start, end);
  if (from >= 0) return wordAt(bytes, from, end);
  const payload = eventPayload(bytes, start, end);
  // A frame without an `event:` line names itself in its JSON.
  return payload.length === 0 ? null : (stringOf(payload, findMember(scanMembers(payload), "type")) ?? "");
}

/** Where the name begins on the `event:` line, which stands first in practice; -1 when there is no such line. */
function findEventLine(bytes: Buffer, start: number, end: number): number {
  for (let at = start; at < end; at = lineEnd(bytes, at, end) + 1) {
    if (!startsWith(bytes, at, EVENT_FIELD)) continue;
    const from = at + EVENT_FIELD.length;
    return bytes[from] === SPACE ? from + 1 : from;
  }
  return -1;
}

function wordAt(bytes: Buffer, from: number, end: number): string {
  return bytes.toString("latin1", from, endOfWord(bytes, from, end));
}

function endOfWord(bytes: Buffer, from: number, end: number): number {
  let to = from;
  while (to < end && (bytes[to] ?? 0) > SPACE) to += 1;
  return to;
}

function lineEnd(bytes: Buffer, at: number, end: number): number {
  const newline = bytes.indexOf(LF, at);
  return newline < 0 || newline > end ? end : newline;
}

function startsWith(bytes: Buffer, at: number, prefix: Buffer): boolean {
  for (let index = 0; index < prefix.length; index += 1) {
    if (bytes[at + index] !== prefix[index]) return false;
  }
  return true;
}

/** The same as text, without a detour where there is one line of data behind the event's name, as there mostly is. */
export function eventText(bytes: Buffer, start: number, end: number): string {
  const named = startsWith(bytes, start, EVENT_FIELD) ? lineEnd(bytes, start, end) + 1 : start;
  const from = named + DATA_FIELD.length;
  const to = lineEnd(bytes, from, end);
  const isOnly = startsWith(bytes, named, DATA_FIELD) && to + 2 >= end && bytes[to - 1] !== CR;
  return isOnly ? bytes.toString("utf8", from, to) : eventPayload(bytes, start, end).toString("utf8");
}

/** The `data:` lines of one event, joined by line feeds. */
export function eventPayload(bytes: Buffer, start: number, end: number): Buffer {
  const lines: Buffer[] = [];
  for (let at = start; at < end; at = lineEnd(bytes, at, end) + 1) {
    if (!startsWith(bytes, at, DATA_FIELD)) continue;
    const from = at + DATA_FIELD.length;
    const to = lineEnd(bytes, from, end);
    lines.push(bytes.subarray(bytes[from] === SPACE ? from + 1 : from, bytes[to - 1] === CR ? to - 1 : to));
  }
  return lines.length === 1 && lines[0] !== undefined ? lines[0] : joined(lines);
}

function joined(lines: readonly Buffer[]): Buffer {
  return Buffer.concat(lines.flatMap((line, index) => (index === 0 ? [line] : [LINE_FEED, line])));
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
