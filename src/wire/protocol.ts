// What the gateway asks of every client format. Adding one is a folder that fills this in and a line in `index.ts`.

import type { Failure } from "../contract/failure.ts";

/** What a request asks for, read from few fields and without changing the body. */
export interface RequestFields {
  readonly model: string | null;
  readonly isStream: boolean;
  readonly reasoningEffort: string | null;
  readonly serviceTier: string | null;
  /** What names the conversation in the body, if anything does. */
  readonly conversation: string | null;
}

/** Tokens of one answer; null where the upstream did not say. */
export interface TokenUsage {
  readonly input: number | null;
  readonly cachedInput: number | null;
  readonly output: number | null;
  readonly reasoningOutput: number | null;
  readonly total: number | null;
}

/** An answer in a client's own form. */
export interface ClientAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface FailureContext {
  readonly traceId: string;
  /** Epoch ms. */
  readonly now: number;
}

export interface ClientProtocol {
  readonly name: string;
  readFields(body: Buffer): RequestFields;
  /**
   * The same for a large body of a native client that names its conversation in a header, without reading the
   * conversation itself; null when the body is not laid out as native clients do it.
   */
  readNativeFields(body: Buffer): RequestFields | null;
  /**
   * Stands in for a conversation's name: a digest of what stays the same through all its turns, the instructions and
   * everything up to the first user message. Null when there is nothing of the kind.
   */
  readOpening(body: Buffer): string | null;
  /** The one place where a failure becomes this format's error answer. */
  failureAnswer(failure: Failure, context: FailureContext): ClientAnswer;
  /** The format's own error event, for a stream that has begun. */
  failureEvent(failure: Failure): Buffer;
  /** An event that keeps the client's idle clock from running out. */
  heartbeat(isNative: boolean): Buffer;
}
