// How an answer stream can be spoilt: other events, other bytes, another end.

import type { DemoAccount } from "../account.ts";

/** One piece of a stream: a server event, or raw text that goes out as it stands. */
export type Piece = ServerEvent | string;

export interface ServerEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/**
 * How a stream ends that does not end well: "cut" finishes the HTTP body cleanly without a terminal event, "reset" breaks
 * the connection, "stall" stays silent until the client goes away.
 */
export type StreamEnd = "cut" | "reset" | "stall";

export interface StreamFault {
  readonly kind: "stream";
  readonly name: string;
  /** Changes or replaces the events of the answer. */
  readonly events?: (pieces: Iterable<Piece>, context: { account: DemoAccount; now: number }) => Iterable<Piece>;
  /** Changes the finished bytes; each value is written on its own. */
  readonly bytes?: (chunks: Iterable<Buffer>) => Iterable<Buffer>;
  /** After how many events the stream ends badly, and how. */
  readonly end?: { readonly afterEvents: number; readonly how: StreamEnd };
  /** Pause between the headers and the first event. */
  readonly delayMs?: number;
  /** Added to the length of the whole body and announced as `content-length`. */
  readonly lengthLie?: number;
}
