// The simulated upstream as the gateway reaches it: a dispatcher of undici's kind that plays the script of each answer on
// the virtual clock.

import type { Dispatcher } from "undici";
import type { Clock, Timer } from "../../src/kit/clock.ts";
import type { Transport } from "../../src/upstream/transport.ts";
import type { Script, ScriptLine } from "./answer.ts";
import type { Attempt } from "./record.ts";

export interface UpstreamParts {
  /** Time as it passes in truth. */
  readonly clock: Clock;
  /** Whether the program that asks still runs. */
  isAlive(): boolean;
  /** Notes a new try, at the moment the gateway makes it. */
  asked(token: string, body: string, path: string): Attempt;
  /** The request has arrived. */
  answer(attempt: Attempt, body: string): Script;
  /** The gateway hears of the host: a head, the first word of an answer. */
  heard(attempt: Attempt): void;
  /** The try is over, one way or another. */
  ended(attempt: Attempt): void;
}

export function simulatedTransport(parts: UpstreamParts): Transport {
  const dispatcher = {
    dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) {
      if (!parts.isAlive()) return true;
      const body = (options.body as Buffer | null)?.toString() ?? "";
      const attempt = parts.asked(tokenIn(options.headers as readonly string[]), body, options.path);
      new Answering(parts, attempt, handler).start(body);
      return true;
    },
    request: (options: Dispatcher.RequestOptions) => answerSmall(parts, options),
  } as unknown as Dispatcher;
  return { dispatcherFor: () => dispatcher, socketsFor: () => dispatcher, close: async () => {} };
}

/** Requests that are read as a whole, with the promise-based call: the catalogue of models. */
async function answerSmall(parts: UpstreamParts, options: Dispatcher.RequestOptions): Promise<unknown> {
  const attempt = parts.asked(tokenIn(options.headers as readonly string[]), "", options.path);
  await new Promise<void>((resolve) => void parts.clock.timer(100, resolve));
  const script = parts.answer(attempt, "");
  attempt.meaning = script.meaning;
  attempt.endedAt = parts.clock.now();
  parts.ended(attempt);
  if (script.meaning.kind !== "served") throw new Error("not answered");
  return { statusCode: 200, body: { json: async () => ({ models: [{ slug: "gpt-5.5" }] }) } };
}

function tokenIn(headers: readonly string[]): string {
  const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === "authorization");
  return (headers[at + 1] ?? "").replace("Bearer ", "");
}

const ON_THE_WAY_MS = 10;

class Answering {
  readonly #parts: UpstreamParts;
  readonly #attempt: Attempt;
  readonly #handler: Dispatcher.DispatchHandler;
  readonly #controller: Dispatcher.DispatchController;
  #lines: readonly ScriptLine[] = [];
  #place = 0;
  #timer: Timer | null = null;
  #isPaused = false;
  #isHeldUp = false;

  constructor(parts: UpstreamParts, attempt: Attempt, handler: Dispatcher.DispatchHandler) {
    this.#parts = parts;
    this.#attempt = attempt;
    this.#handler = handler;
    this.#controller = {
      abort: (reason: Error) => this.#abort(reason),
      pause: () => (this.#isPaused = true),
      resume: () => this.#resume(),
      aborted: false,
      paused: false,
      reason: null,
    };
  }

  start(body: string): void {
    this.#timer = this.#parts.clock.timer(ON_THE_WAY_MS, () => {
      if (!this.#parts.isAlive()) return;
      const script = this.#parts.answer(this.#attempt, body);
      this.#attempt.meaning = script.meaning;
      this.#attempt.resetsAt = script.resetsAt;
      this.#lines = script.lines;
      if (script.lines[0]?.say !== "error") this.#begin();
      this.#next();
    });
  }

  #begin(): void {
    this.#attempt.isStarted = true;
    this.#handler.onRequestStart?.(this.#controller, {});
  }

  #next(): void {
    const line = this.#lines[this.#place];
    if (line === undefined || this.#isOver) return;
    this.#timer = this.#parts.clock.timer(line.afterMs, () => this.#turn(line));
  }

  #turn(line: ScriptLine): void {
    if (!this.#parts.isAlive()) return;
    this.#isHeldUp = this.#isPaused;
    if (this.#isHeldUp) return;
    this.#place += 1;
    this.#play(line);
    this.#next();
  }

  #play(line: ScriptLine): void {
    switch (line.say) {
      case "head":
        this.#attempt.hasHead = true;
        this.#parts.heard(this.#attempt);
        this.#handler.onResponseStart?.(this.#controller, line.status, line.headers, "");
        return;
      case "bytes":
        this.#note(line.bytes, line.isTorn);
        this.#handler.onResponseData?.(this.#controller, Buffer.from(line.bytes));
        return;
      case "end":
        this.#end();
        this.#handler.onResponseEnd?.(this.#controller, {});
        return;
      case "error":
        this.#end();
        this.#handler.onResponseError?.(this.#controller, new Error("the connection broke"));
        return;
      case "nothing":
    }
  }

  #note(bytes: Buffer, isTorn: boolean): void {
    this.#attempt.firstBytesAt ??= this.#parts.clock.now();
    if (isTorn) return;
    if (bytes.includes("event: response.output_") && !this.#attempt.hasContent) {
      this.#attempt.hasContent = true;
      this.#parts.heard(this.#attempt);
    }
    if (bytes.includes("output_text.delta")) this.#attempt.sentPieces += 1;
    if (bytes.includes("event: response.completed")) this.#attempt.isCompleted = true;
  }

  #resume(): void {
    this.#isPaused = false;
    if (!this.#isHeldUp) return;
    this.#isHeldUp = false;
    this.#next();
  }

  #abort(reason: Error): void {
    if (this.#isOver) return;
    this.#attempt.isAborted = true;
    this.#end();
    this.#handler.onResponseError?.(this.#controller, reason);
  }

  #end(): void {
    this.#timer?.cancel();
    this.#attempt.endedAt = this.#parts.clock.now();
    this.#parts.ended(this.#attempt);
  }

  get #isOver(): boolean {
    return this.#attempt.endedAt !== null;
  }
}
