// One try with one account: sends the request, judges the head of the answer, and then hands the bytes on. Until the
// head is judged nothing has reached the client and the try can be dropped without a trace.

import type { Dispatcher } from "undici";
import type { UpstreamAnswer } from "../contract/failure.ts";
import { decodeContent } from "../kit/content-encoding.ts";
import { parseJson } from "../kit/json-value.ts";
import type { Clock, Timer } from "../kit/clock.ts";
import type { Observation } from "../pool/observation.ts";
import { observeAnswer, observeEvent, observeSilence } from "../upstream/observe.ts";
import type { AnswerReader } from "./providers/answer-reader.ts";
import { SmallObject } from "./small-object.ts";
import { StreamTap } from "./stream-tap.ts";

type Controller = Dispatcher.DispatchController;
type Headers = Readonly<Record<string, string | string[] | undefined>>;

export interface ExchangeRequest {
  readonly dispatcher: Pick<Dispatcher, "dispatch">;
  readonly origin: string;
  readonly path: string;
  readonly method: "GET" | "POST";
  /** Alternating names and values. */
  readonly headers: string[];
  readonly body: Buffer | null;
}

export interface ExchangeLimits {
  readonly clock: Clock;
  /** Longest wait for the first byte of the answer, ms; 0 waits without end. */
  readonly firstByteTimeoutMs: number;
  /** Whether events that say nothing are held back until something is said; else the first byte commits. */
  readonly holdsFirstEvents: boolean;
  /** For an upstream of another format than the internal one. */
  readonly reader?: AnswerReader | null;
  /** The bytes of the answer are handed on and say nothing to us. */
  readonly isOpaque?: boolean;
}

/** Receives what comes after the commit, beginning with what was held back. */
export interface ExchangeSink {
  chunk(chunk: Buffer): void;
  end(): void;
  /** The upstream broke off. */
  broke(): void;
}

export type HeadVerdict =
  | { readonly kind: "committed" }
  | { readonly kind: "refused"; readonly seen: Observation; readonly answer?: UpstreamAnswer };

/** Stream events that say nothing yet are held back this long and up to this size. */
const LONGEST_HOLD_MS = 10_000;
const LARGEST_HOLD = 64 * 1024;
const LARGEST_REFUSAL = 256 * 1024;

export class Exchange {
  readonly tap: StreamTap;
  readonly #clock: Clock;
  readonly #firstByteTimeoutMs: number;
  readonly #holdsFirstEvents: boolean;
  readonly reader: AnswerReader | null;
  readonly #isOpaque: boolean;
  #controller: Controller | null = null;
  #timer: Timer | null = null;
  #settleHead: ((verdict: HeadVerdict) => void) | null = null;
  #phase: "waiting" | "refusing" | "gathering" | "holding" | "committed" | "over" = "waiting";
  /** What came in this tick after the commit: taken in as one piece, for a stream arrives in very small ones. */
  #arrived: Buffer[] = [];
  readonly #object = new SmallObject();
  #held: Buffer[] = [];
  #heldSize = 0;
  #sink: ExchangeSink | null = null;
  #ending: "end" | "broke" | null = null;
  status = 0;
  headers: Headers = {};
  isEventStream = false;

  constructor({ clock, firstByteTimeoutMs, holdsFirstEvents, reader = null, isOpaque = false }: ExchangeLimits) {
    this.#isOpaque = isOpaque;
    this.reader = reader;
    this.#holdsFirstEvents = holdsFirstEvents;
    this.#clock = clock;
    this.#firstByteTimeoutMs = firstByteTimeoutMs;
    this.tap = new StreamTap(() => clock.now());
  }

  /** Sends the request; resolves once the head of the answer is judged. Never rejects. */
  send(request: ExchangeRequest): Promise<HeadVerdict> {
    const { dispatcher, ...options } = request;
    return new Promise((resolve) => {
      this.#settleHead = resolve;
      if (this.#firstByteTimeoutMs > 0) {
        this.#timer = this.#clock.timer(this.#firstByteTimeoutMs, () => this.#refuse(observeSilence("wait")));
      }
      try {
        dispatcher.dispatch(options, this);
      } catch (error) {
        this.#refuse(observeSilence("connect", (error as Error).message));
      }
    });
  }

  /** Whether what was handed on ends between two events. */
  get isAtBoundary(): boolean {
    return this.reader?.isPassedOn === true ? this.reader.isAtBoundary : this.tap.isAtBoundary;
  }

  /** Gives the answer to the client as it is, although it is a refusal. */
  commitRefusal(): void {
    this.#phase = "committed";
  }

  /** Starts handing bytes on: first what was held back, then what arrives. */
  attach(sink: ExchangeSink): void {
    this.#sink = sink;
    const held = joined(this.#held);
    this.#held = [];
    if (held.length > 0) sink.chunk(held);
    if (this.#ending === "end") sink.end();
    else if (this.#ending === "broke") sink.broke();
    else this.resume();
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  /** Closes the connection to the upstream; nothing more is handed on. */
  abort(): void {
    this.#sink = null;
    this.#timer?.cancel();
    if (this.#isUnjudged) this.#refuse(observeSilence("connect", "aborted"));
    this.#phase = "over";
    this.#controller?.abort(new Error("aborted"));
  }

  // --- what undici calls ---

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#phase === "over") controller.abort(new Error("aborted"));
  }

  onResponseStart(_controller: Controller, status: number, headers: Headers): void {
    if (this.#phase === "over" || status < 200) return;
    this.status = status;
    this.headers = headers;
    const contentType = headerText(headers["content-type"]);
    const isPage = contentType.includes("html");
    this.isEventStream = contentType.includes("event-stream") && !this.#isOpaque;
    if (status >= 300 || isPage) {
      this.#phase = "refusing";
      return;
    }
    this.reader?.begins(this.isEventStream);
    if (!this.isEventStream && this.reader?.isPassedOn === false) {
      // What is read whole is handed on as the stream that was asked for.
      this.#phase = "gathering";
      this.isEventStream = true;
      this.headers = { ...headers, "content-type": "text/event-stream" };
      return;
    }
    if (!this.isEventStream || !this.#holdsFirstEvents) {
      this.#commit();
      return;
    }
    this.#phase = "holding";
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    switch (this.#phase) {
      case "committed":
        if (this.#arrived.push(chunk) === 1) process.nextTick(takeIn, this);
        return;
      case "holding":
        this.#holdAndJudge(chunk);
        return;
      case "gathering":
        this.#object.take(chunk);
        return;
      case "refusing":
        if (this.#heldSize < LARGEST_REFUSAL) this.#hold(chunk);
        return;
      default:
    }
  }

  onResponseEnd(): void {
    this.takeIn();
    if (this.#phase === "refusing") {
      void this.#refuseAnswer();
      return;
    }
    if (this.#phase === "gathering") this.#tellWhole();
    this.#endTap();
    if (this.#phase === "holding") {
      // What came last without an end of its own may be half an event, which says nothing.
      if (this.tap.terminal === null) this.#refuse(observeSilence("stream"));
      else this.#judgeTap();
    }
    this.#finish("end");
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.takeIn();
    if (this.#phase === "waiting") this.#refuse(observeSilence("connect", describe(error)));
    else if (this.#phase === "refusing") void this.#refuseAnswer();
    else if (this.#isUnjudged) this.#refuse(observeSilence("stream"));
    else this.#finish("broke");
  }

  // --- inside ---

  takeIn(): void {
    if (this.#arrived.length === 0) return;
    const bytes = joined(this.#arrived);
    this.#arrived = [];
    if (this.#phase !== "committed") return;
    const told = this.#listen(bytes);
    if (told.length > 0) this.#handOn(told);
  }

  /** Lets the tap hear what was said; answers with what is handed on. */
  #listen(bytes: Buffer): Buffer {
    if (!this.isEventStream) {
      this.#object.take(bytes);
      return bytes;
    }
    const read = this.reader === null ? bytes : this.reader.push(bytes);
    this.tap.push(read);
    return this.reader?.isPassedOn === true ? bytes : read;
  }

  /** What is certain only at the end. */
  #endTap(): void {
    const { reader } = this;
    if (!this.isEventStream) {
      const object = this.#object.whole();
      this.tap.takeObject(object === null || reader === null ? object : reader.objectOf(object));
      return;
    }
    const rest = reader?.end();
    if (rest !== undefined && rest.length > 0) {
      this.tap.push(rest);
      if (reader?.isPassedOn === false) this.#handOn(rest);
    }
    this.tap.end();
  }

  #handOn(bytes: Buffer): void {
    if (this.#sink === null) this.#hold(bytes);
    else this.#sink.chunk(bytes);
  }

  /** An answer that came whole where a stream was asked for. */
  #tellWhole(): void {
    const object = this.#object.whole();
    const told = (object === null ? null : this.reader?.streamOf(object)) ?? null;
    this.#phase = "holding";
    if (told === null) return;
    this.#hold(told);
    this.tap.push(told);
  }

  #holdAndJudge(chunk: Buffer): void {
    if (this.#heldSize === 0) {
      this.#timer?.cancel();
      this.#timer = this.#clock.timer(LONGEST_HOLD_MS, () => this.#commit());
    }
    this.#hold(this.#listen(chunk));
    this.#judgeTap();
    if (this.#phase === "holding" && this.#heldSize > LARGEST_HOLD) this.#commit();
  }

  #judgeTap(): void {
    const { terminal, hasContent } = this.tap;
    if (terminal?.kind === "failed" && !hasContent) {
      this.pause();
      this.#settle({ kind: "refused", seen: observeEvent(terminal.payload, this.#clock.now()) });
    } else if (hasContent || terminal !== null) this.#commit();
  }

  #hold(chunk: Buffer): void {
    this.#held.push(chunk);
    this.#heldSize += chunk.length;
  }

  #commit(): void {
    this.#phase = "committed";
    this.#settle({ kind: "committed" });
  }

  #refuse(seen: Observation, answer?: UpstreamAnswer): void {
    this.#phase = "over";
    this.#settle({ kind: "refused", seen, answer });
    this.#controller?.abort(new Error("refused"));
  }

  async #refuseAnswer(): Promise<void> {
    this.#phase = "over";
    const sent = Buffer.concat(this.#held);
    this.#held = [];
    const decoded = await decodeContent(sent, headerText(this.headers["content-encoding"]), LARGEST_REFUSAL);
    const contentType = headerText(this.headers["content-type"]) || "application/json";
    const answer = { status: this.status, contentType, body: decoded.ok ? decoded.bytes : sent };
    this.#settle({ kind: "refused", seen: this.#observe(answer), answer: this.#inInternalForm(answer) });
  }

  #observe(answer: UpstreamAnswer): Observation {
    const { reader } = this;
    const complaint = reader === null ? undefined : (body: unknown) => reader.complaint(body);
    return observeAnswer(answer, this.headers, { now: this.#clock.now(), complaint });
  }

  /** What was refused in words that the client does not speak is told in those of the internal form. */
  #inInternalForm(answer: UpstreamAnswer): UpstreamAnswer {
    if (this.reader === null || this.reader.isPassedOn) return answer;
    const { code, type, message } = this.reader.complaint(parseJson(answer.body));
    const body = Buffer.from(
      JSON.stringify({ error: { message, type: type ?? "invalid_request_error", param: null, code } }),
    );
    return { ...answer, contentType: "application/json", body };
  }

  #settle(verdict: HeadVerdict): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#settleHead?.(verdict);
    this.#settleHead = null;
  }

  get #isUnjudged(): boolean {
    return this.#settleHead !== null;
  }

  #finish(ending: "end" | "broke"): void {
    if (this.#phase === "over") return;
    this.#ending = ending;
    if (ending === "end") this.#sink?.end();
    else this.#sink?.broke();
  }
}

function takeIn(exchange: Exchange): void {
  exchange.takeIn();
}

function joined(pieces: readonly Buffer[]): Buffer {
  return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
}

function headerText(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? "";
}

function describe(error: Error): string {
  const code = (error as NodeJS.ErrnoException).code;
  return code === undefined ? "The upstream could not be reached." : `The upstream could not be reached (${code}).`;
}
