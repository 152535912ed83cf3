// What the gateway asks of every client format. Adding one is a folder that fills this in and a line in `index.ts`.

import type { Failure } from "../contract/failure.ts";
import type { Translated } from "./translation.ts";

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

/** Where a request went: some formats say there what others say in the body. */
export interface RequestTarget {
  readonly path: string;
  /** With its question mark; empty when there is none. */
  readonly query: string;
}

/** What can be asked of the gateway; `forward` is passed on as it is to whoever has such an endpoint. */
export type Operation = "respond" | "compact" | "models" | "count" | "forward";

export interface Endpoint {
  readonly operation: Operation;
  readonly method: "GET" | "POST";
  /** A whole path, or what it has to match. */
  readonly path: string | RegExp;
}

/** A model as lists tell of it. */
export interface ListedModel {
  readonly id: string;
  /** For people. */
  readonly title: string;
  /** Tokens that go in; null when nobody has told. */
  readonly contextTokens: number | null;
}

/** How a format tells of models. */
export interface ModelShapes {
  /** A header by which its clients are known where several formats share a path; null when they have none. */
  readonly knownBy: string | null;
  /** Names its clients ask for by themselves; listed when something stands for them. */
  readonly clientModels: readonly string[];
  /** `now` is epoch ms. */
  list(models: readonly ListedModel[], now: number): object;
  one(model: ListedModel, now: number): object;
}

export interface ClientProtocol {
  readonly name: string;
  readonly endpoints: readonly Endpoint[];
  /** Null for a format whose clients ask in another one. */
  readonly models: ModelShapes | null;
  readFields(body: Buffer, target: RequestTarget): RequestFields;
  /**
   * Turns the request into the internal form and says how the answer is turned back. Null for the internal form itself,
   * whose bytes are passed on.
   */
  readonly translate: ((body: Buffer, target: RequestTarget) => Translated) | null;
  /** The answer to the question how many tokens a request has; null for formats in which it cannot be asked. */
  readonly countAnswer: ((tokens: number) => object) | null;
  /** The one place where a failure becomes this format's error answer. */
  failureAnswer(failure: Failure, context: FailureContext): ClientAnswer;
  /** The format's own error event, with whatever ends a stream that has begun. */
  failureEvent(failure: Failure): Buffer;
  /** What keeps the client's idle clock from running out; null when it tolerates nothing. */
  heartbeat(isNative: boolean): Buffer | null;
}
