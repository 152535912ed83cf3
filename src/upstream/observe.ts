// Turns a refusal as it came over the wire into the plain observation that classification works on.

import type { UpstreamAnswer } from "../contract/failure.ts";
import { isPlausibleWait } from "../pool/cooldown.ts";
import type { Observation } from "../pool/observation.ts";

type Headers = Readonly<Record<string, string | string[] | undefined>>;

interface AnswerTerms {
  /** Epoch ms. */
  readonly now: number;
  /** For upstreams that have other words for errors than OpenAI's. */
  readonly complaint?: ((body: unknown) => object | null) | undefined;
}

/** An HTTP answer with an error status. */
export function observeAnswer(
  answer: UpstreamAnswer,
  headers: Headers,
  { now, complaint = errorOf }: AnswerTerms,
): Observation {
  const isHtml = answer.contentType.includes("html") || headers["cf-mitigated"] === "challenge";
  const error = isHtml ? null : record(complaint(parse(answer.body)));
  return {
    phase: "answer",
    status: answer.status,
    code: text(error?.["code"]),
    type: text(error?.["type"]),
    message: text(error?.["message"]) ?? "",
    isHtml,
    retryAfterMs: retryAfterMs(headers["retry-after"], now),
    resetsAt: resetsAt(error, now),
  };
}

/** An error told inside a stream that began with status 200. */
export function observeEvent(payload: Buffer, now: number): Observation {
  const event = record(parse(payload));
  const response = record(event?.["response"]);
  const error = record(response?.["error"]) ?? record(event?.["error"]) ?? event;
  return {
    phase: "stream",
    status: 200,
    code: text(error?.["code"]),
    type: error === event ? null : text(error?.["type"]),
    message: text(error?.["message"]) ?? "",
    isHtml: false,
    retryAfterMs: null,
    resetsAt: resetsAt(error, now),
  };
}

/** No answer at all, or one that broke off. */
export function observeSilence(phase: "connect" | "wait" | "stream", message = ""): Observation {
  return { phase, status: null, code: null, type: null, message, isHtml: false, retryAfterMs: null, resetsAt: null };
}

/** `{error:{…}}`, `{error:"…"}`, `{detail:"…"}` and `{detail:{…}}` are all in use. */
function errorOf(body: unknown): Record<string, unknown> | null {
  const answer = record(body);
  if (answer === null) return null;
  const inner = answer["error"] ?? answer["detail"];
  if (typeof inner === "string") return { message: inner };
  return record(inner) ?? answer;
}

/** Epoch ms from `resets_at` (epoch seconds) or else `resets_in_seconds`, the first that can be meant. */
function resetsAt(error: Record<string, unknown> | null, now: number): number | null {
  const at = error?.["resets_at"];
  if (typeof at === "number" && isPlausibleWait(at * 1000 - now)) return at * 1000;
  const inSeconds = error?.["resets_in_seconds"];
  return typeof inSeconds === "number" && isPlausibleWait(inSeconds * 1000) ? now + inSeconds * 1000 : null;
}

/** `Retry-After` in seconds or as an HTTP date. */
function retryAfterMs(value: string | string[] | undefined, now: number): number | null {
  if (typeof value !== "string") return null;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function record(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}
