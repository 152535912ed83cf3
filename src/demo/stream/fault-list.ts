// Faults of a stream that has begun with status 200: refusals inside it, broken ends, broken bytes.

import { usageLimitError } from "../limits.ts";
import type { Piece, ServerEvent, StreamEnd, StreamFault } from "./fault.ts";

const FILLER = "x".repeat(16_384);

/** Replaces everything after `response.in_progress` by `last`. */
function endsWith(
  name: string,
  last: (response: object, context: { account: Account; now: number }) => ServerEvent,
): StreamFault {
  return {
    kind: "stream",
    name,
    events: function* (pieces, context) {
      for (const piece of pieces) {
        yield piece;
        if (typeof piece === "string" || piece.type !== "response.in_progress") continue;
        yield { sequence_number: 2, ...last(piece["response"] as object, context) };
        return;
      }
    },
  };
}

type Account = Parameters<NonNullable<StreamFault["events"]>>[1]["account"];

/** `response.failed` right after the beginning. */
function fails(name: string, error: (context: { account: Account; now: number }) => object): StreamFault {
  return endsWith(name, (response, context) => ({
    type: "response.failed",
    response: { ...response, status: "failed", error: error(context) },
  }));
}

function breaks(name: string, how: StreamEnd, afterEvents: number): StreamFault {
  return { kind: "stream", name, end: { afterEvents, how } };
}

function reshapes(name: string, bytes: (body: Buffer) => Iterable<Buffer>): StreamFault {
  return {
    kind: "stream",
    name,
    bytes: function* (chunks) {
      for (const chunk of chunks) yield* bytes(chunk);
    },
  };
}

/** Puts text between the events, after each of them. */
function interleaves(name: string, texts: readonly string[]): StreamFault {
  return {
    kind: "stream",
    name,
    events: function* (pieces) {
      let index = 0;
      for (const piece of pieces) {
        yield piece;
        yield texts[index++ % texts.length] ?? "";
      }
    },
  };
}

function quotaError({ account, now }: { account: Account; now: number }): Record<string, unknown> {
  const resetsAt = account.exhaustedUntil() ?? account.windows()[0]?.resetsAt ?? now + 3_600_000;
  return { code: "usage_limit_reached", ...usageLimitError(account, now, resetsAt) };
}

export const streamFaults = {
  /** A used-up quota told by `response.failed` in a 200 stream. */
  usageLimitInStream: (): StreamFault => fails("usage-limit-in-stream", quotaError),
  /** The same as an `error` event. */
  usageLimitErrorEvent: (): StreamFault =>
    endsWith("usage-limit-error-event", (_response, context) => ({
      type: "error",
      status: 429,
      error: quotaError(context),
    })),
  rateLimitInStream: (tryAgainIn = "1.5s"): StreamFault =>
    fails("rate-limit-in-stream", () => ({
      code: "rate_limit_exceeded",
      message: `Rate limit reached for this model. Please try again in ${tryAgainIn}.`,
    })),
  overloadedInStream: (): StreamFault =>
    fails("overloaded-in-stream", () => ({
      code: "server_is_overloaded",
      message: "Our servers are currently overloaded. Please try again later.",
    })),
  /** `response.failed` with any code. */
  failedInStream: (code: string, message = "An error occurred while processing your request."): StreamFault =>
    fails(`failed-in-stream-${code}`, () => ({ code, message })),
  incompleteInStream: (reason = "max_output_tokens"): StreamFault =>
    endsWith("incomplete-in-stream", (response) => ({
      type: "response.incomplete",
      response: { ...response, status: "incomplete", incomplete_details: { reason } },
    })),
  /** A reset after so many events; 0: right after the headers. */
  resetAfterHeaders: (afterEvents = 0): StreamFault => breaks("reset-after-headers", "reset", afterEvents),
  /** Silence after so many events. */
  stallMidStream: (afterEvents = 5): StreamFault => breaks("stall-mid-stream", "stall", afterEvents),
  /** A clean end of the body without a terminal event. */
  cutStream: (afterEvents = 5): StreamFault => breaks("cut-stream", "cut", afterEvents),
  /** Headers at once, the first event late. */
  slowFirstByte: (delayMs: number): StreamFault => ({ kind: "stream", name: "slow-first-byte", delayMs }),
  /** Junk between the events: bad JSON, comments, unknown types, data without a name. */
  malformedEvents: (): StreamFault =>
    interleaves("malformed-events", [
      'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","delta":\n\n',
      ": just a comment\n\n",
      'event: codex.keepalive\ndata: {"type":"codex.keepalive"}\n\n',
      "data: not json at all\n\n",
      'event: response.from_the_future\ndata:{"type":"response.from_the_future"}\n\n',
      "event:\ndata:\n\n",
    ]),
  /** Chunks that end within a character. */
  splitUtf8: (): StreamFault => reshapes("split-utf8", splitInCharacters),
  /** One byte at a time. */
  drip: (): StreamFault => reshapes("drip", slicesOf(1)),
  /** Any fixed chunk size. */
  chunks: (size: number): StreamFault => reshapes(`chunks-${size}`, slicesOf(size)),
  crlf: (): StreamFault => reshapes("crlf", (body) => [Buffer.from(body.toString().replaceAll("\n", "\r\n"))]),
  /** A `content-length` that is wrong by so many bytes. */
  lyingContentLength: (by = 100): StreamFault => ({ kind: "stream", name: "lying-content-length", lengthLie: by }),
  /** One delta event of this size among the others. */
  bigEvent: (bytes = 4 * 1024 * 1024): StreamFault => withDeltas("big-event", () => ["x".repeat(bytes)]),
  /** So many bytes of delta events, made as they are read. */
  hugeStream: (bytes = 100 * 1024 * 1024): StreamFault => withDeltas("huge-stream", () => fillers(bytes)),
};

function withDeltas(name: string, deltas: () => Iterable<string>): StreamFault {
  return {
    kind: "stream",
    name,
    events: function* (pieces) {
      for (const piece of pieces) {
        yield piece;
        if (isContentPart(piece)) yield* deltaEvents(piece, deltas());
      }
    },
  };
}

function isContentPart(piece: Piece): piece is ServerEvent {
  return typeof piece !== "string" && piece.type === "response.content_part.added";
}

function* deltaEvents(part: ServerEvent, deltas: Iterable<string>): Generator<ServerEvent> {
  const place = { item_id: part["item_id"], output_index: part["output_index"], content_index: 0 };
  for (const delta of deltas) {
    yield {
      type: "response.output_text.delta",
      sequence_number: part["sequence_number"],
      ...place,
      delta,
      logprobs: [],
    };
  }
}

function* fillers(bytes: number): Generator<string> {
  for (let left = bytes; left > 0; left -= FILLER.length) yield FILLER.slice(0, left);
}

function slicesOf(size: number): (body: Buffer) => Generator<Buffer> {
  return function* (body) {
    for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
  };
}

/** Cuts after the first byte of every character that has several. */
function* splitInCharacters(body: Buffer): Generator<Buffer> {
  let from = 0;
  for (let at = 0; at < body.length; at += 1) {
    if ((body[at] ?? 0) < 0xc0) continue;
    yield body.subarray(from, at + 1);
    from = at + 1;
  }
  yield body.subarray(from);
}
