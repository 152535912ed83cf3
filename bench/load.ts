// The load, a process of its own: a fixed number of requests over a fixed number of connections, or many streams held
// open at once. Counts and times every answer and compares samples with what the upstream sent.

import { type AnswerName, answers } from "./answers.ts";
import { answerQuestions } from "./ask.ts";
import { bodyOf, Connection, type Listener, type Received } from "./connection.ts";
import { type RequestKind, requestMaker, type Target } from "./requests.ts";

export interface Run {
  readonly target: Target;
  readonly kind: RequestKind;
  readonly answer: AnswerName;
  readonly connections: number;
  readonly count: number;
}

export interface RunResult {
  readonly elapsedMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers that were compared byte by byte, or event by event where the gateway changes the stream. */
  readonly checked: number;
  /** Answers that were wrong, and what was wrong with the first. */
  readonly failures: number;
  readonly firstFailure: string | null;
}

export interface LoadQuestions {
  run(run: Run): Promise<RunResult>;
  /** Opens streams that stay open; answers when each has begun. */
  open(options: { target: Target; kind: RequestKind; streams: number }): Promise<{ elapsedMs: number }>;
  /** Waits until all open streams have ended, and closes them; answers how many were whole. */
  finish(): Promise<{ whole: number; broken: number }>;
}

const SAMPLE_EVERY = 97;
/** So many streams are being opened at the same time. */
const OPENING = 128;

class LoadRun implements Listener {
  readonly #run: Run;
  readonly #next: () => readonly Buffer[];
  readonly #times: Float64Array;
  readonly #sentAt = new Map<Connection, number>();
  readonly #done: (result: RunResult) => void;
  #sent = 0;
  #received = 0;
  #checked = 0;
  #failures = 0;
  #firstFailure: string | null = null;
  #startedAt = performance.now();

  constructor(run: Run, done: (result: RunResult) => void) {
    this.#run = run;
    this.#next = requestMaker(run.kind, run.target);
    this.#times = new Float64Array(run.count);
    this.#done = done;
  }

  start(): void {
    this.#startedAt = performance.now();
    for (let index = 0; index < this.#run.connections; index += 1) this.#connect();
  }

  began(): void {}

  ended(connection: Connection, received: Received): void {
    this.#times[this.#received] = performance.now() - (this.#sentAt.get(connection) ?? 0);
    const wrong = this.#whatIsWrong(received);
    if (wrong !== null) this.#fail(wrong);
    this.#count(connection, true);
  }

  broke(connection: Connection, reason: string): void {
    if (!this.#sentAt.has(connection)) return;
    this.#fail(`the connection broke: ${reason}`);
    this.#count(connection, false);
  }

  #connect(): void {
    this.#send(new Connection(this.#run.target.port, this));
  }

  #send(connection: Connection): void {
    if (this.#sent >= this.#run.count) {
      this.#sentAt.delete(connection);
      connection.close();
      return;
    }
    this.#sent += 1;
    this.#sentAt.set(connection, performance.now());
    connection.send(this.#next(), this.#sent % SAMPLE_EVERY === 1);
  }

  #count(connection: Connection, isUsable: boolean): void {
    this.#received += 1;
    if (isUsable) this.#send(connection);
    else {
      this.#sentAt.delete(connection);
      if (this.#sent < this.#run.count) this.#connect();
    }
    if (this.#received === this.#run.count) this.#finish();
  }

  #whatIsWrong({ status, wire }: Received): string | null {
    if (status !== 200) return `status ${status}${wire === null ? "" : `: ${bodyOf(wire).toString().slice(0, 300)}`}`;
    if (wire === null) return null;
    this.#checked += 1;
    const { answer, kind } = this.#run;
    const body = bodyOf(wire);
    if (kind.client === "codex") return body.equals(answers[answer].body) ? null : "the body is not what was sent";
    const text = body.toString();
    if (!kind.isStream) return text.includes('"total_tokens"') ? null : "the answer has no usage";
    if (kind.client !== "sdk") return whatIsMissing(text, answers[answer].events);
    const events = text.split("\nevent: ").length;
    return events === answers[answer].events ? null : `${events} events instead of ${answers[answer].events}`;
  }

  #fail(reason: string): void {
    this.#failures += 1;
    this.#firstFailure ??= reason;
  }

  #finish(): void {
    const elapsedMs = performance.now() - this.#startedAt;
    const times = this.#times.sort();
    const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
    const [failures, firstFailure] = [this.#failures, this.#firstFailure];
    this.#done({ elapsedMs, p50Ms: at(0.5), p99Ms: at(0.99), checked: this.#checked, failures, firstFailure });
  }
}

class OpenStreams implements Listener {
  readonly #left = new Set<Connection>();
  #begun = 0;
  #whole = 0;
  #broken = 0;
  #onBegun: (() => void) | null = null;
  #onEnded: (() => void) | null = null;

  async open(target: Target, kind: RequestKind, streams: number): Promise<void> {
    const next = requestMaker(kind, target);
    for (let opened = 0; opened < streams; opened += 1) {
      while (opened - this.#begun >= OPENING) await new Promise<void>((resolve) => (this.#onBegun = resolve));
      const connection = new Connection(target.port, this);
      this.#left.add(connection);
      connection.send(next(), false);
    }
    while (this.#begun < streams) await new Promise<void>((resolve) => (this.#onBegun = resolve));
  }

  async finish(): Promise<{ whole: number; broken: number }> {
    if (this.#left.size > 0) await new Promise<void>((resolve) => (this.#onEnded = resolve));
    return { whole: this.#whole, broken: this.#broken };
  }

  began(_connection: Connection, status: number): void {
    if (status !== 200) this.#broken += 1;
    this.#begun += 1;
    this.#onBegun?.();
  }

  ended(connection: Connection): void {
    this.#whole += 1;
    this.#forget(connection);
  }

  broke(connection: Connection): void {
    this.#broken += 1;
    this.#begun += 1;
    this.#onBegun?.();
    this.#forget(connection);
  }

  #forget(connection: Connection): void {
    if (!this.#left.delete(connection)) return;
    connection.close();
    if (this.#left.size === 0) this.#onEnded?.();
  }
}

let streams = new OpenStreams();

const questions: LoadQuestions = {
  run: (run) => new Promise((resolve) => new LoadRun(run, resolve).start()),
  async open(options) {
    streams = new OpenStreams();
    const startedAt = performance.now();
    await streams.open(options.target, options.kind, options.streams);
    return { elapsedMs: performance.now() - startedAt };
  },
  finish: () => streams.finish(),
};

answerQuestions(questions);

/** Events around the text itself, for which other formats have fewer. */
const FRAMING = 8;

/** Another format says in a few events less what the upstream says. */
function whatIsMissing(text: string, upstreamEvents: number): string | null {
  const pieces = text.split("data: ").length - 1;
  return pieces >= upstreamEvents - FRAMING ? null : `${pieces} pieces of ${upstreamEvents} events`;
}
