// One WebSocket of a client: takes its frames, one request at a time, and remembers the conversation between them.

import type { OutgoingHttpHeaders } from "node:http";
import type { WebSocket } from "ws";
import type { Failure } from "../../contract/failure.ts";
import { findMember, stringOf, valueOf } from "../../kit/json-scan.ts";
import type { Member } from "../../kit/crowd.ts";
import type { CallRequest, CallResponse } from "../call.ts";
import { gatewayFailure, isFailure } from "../failures.ts";
import type { Route, Target } from "../routes.ts";
import { type CreateFrame, readFrame } from "./client-frame.ts";
import { ConversationMemory, type ItemsText, type MemoryBudget } from "./conversation-memory.ts";
import { frameHeaders, httpMetadata, turnIdOf } from "./frame-headers.ts";
import { FrameRequest } from "./frame-request.ts";
import { FrameResponse, type FrameSink } from "./frame-response.ts";
import { asInputItems } from "./output-items.ts";
import { selfContained } from "./self-contained.ts";
import { prewarmed, unknownFrame } from "./server-frames.ts";

/** One request that came as a frame. */
export interface FrameTurn {
  readonly request: CallRequest;
  readonly response: CallResponse;
  readonly target: Target;
  readonly route: Route;
  /** Why the frame cannot be served; null when it can. */
  readonly fault: Failure | null;
}

export interface ConnectionTerms {
  readonly target: Target;
  readonly route: Route;
  /** What all frames have in common; alternating names and values. */
  readonly sharedHeaders: readonly string[];
  readonly isCodex: boolean;
  readonly budget: MemoryBudget;
  /** Epoch ms. */
  readonly now: () => number;
  /** Told of the headers that a stream begins with. */
  readonly onHeaders: (headers: OutgoingHttpHeaders) => void;
  /** Resolves when the request is settled. */
  serve(turn: FrameTurn): Promise<void>;
  /** Why the client may not go on, asked where no stage asks for it. */
  whyNot(headers: CallRequest["headers"]): Failure | null;
}

const closeCodes = { unsupported: 1003, policy: 1008, failed: 1011, restart: 1012 } as const;

const TEXT = { binary: false } as const;
/** So many frames wait while one is answered. */
const MOST_WAITING = 4;
/** Unread bytes above which an answer pauses, and above which the client is given up. */
const HIGH_WATER = 64 * 1024;
const LARGEST_BACKLOG = 8 * 1024 * 1024;

export class Connection implements Member, FrameSink {
  readonly #socket: WebSocket;
  readonly #terms: ConnectionTerms;
  readonly #memory: ConversationMemory;
  /** What an answer waits for that was told to pause. */
  readonly #flushed = (): void => {
    if (this.#response !== null && !this.isCongested) this.#response.emit("drain");
  };
  #waiting: Buffer[] = [];
  #response: FrameResponse | null = null;
  /** Releases before 0.148 learn a turn state at the handshake only: what an answer tells is kept here for them. */
  #turn: { readonly id: string | null; state: string | null } = { id: null, state: null };
  #isDraining = false;
  place = -1;

  constructor(socket: WebSocket, terms: ConnectionTerms) {
    this.#socket = socket;
    this.#terms = terms;
    this.#memory = new ConversationMemory(terms.budget);
    socket.on("message", (frame: Buffer, isBinary: boolean) => this.#receive(frame, isBinary));
    socket.on("close", () => this.#closed());
    // What went wrong is told by the close that follows.
    socket.on("error", () => {});
  }

  /** Closes as soon as nothing is being answered. */
  drain(): void {
    this.#isDraining = true;
    this.#waiting = [];
    if (this.#response === null) this.#socket.close(closeCodes.restart, "the gateway is restarting");
  }

  /** Gives up the connection without waiting for the client. */
  terminate(): void {
    this.#socket.terminate();
  }

  // --- what an answer uses ---

  send(frame: Buffer): void {
    this.#socket.send(frame, TEXT, this.#flushed);
  }

  get isCongested(): boolean {
    return this.#socket.bufferedAmount > HIGH_WATER;
  }

  ping(): void {
    this.#socket.ping();
  }

  breakOff(): void {
    const code = this.#isDraining ? closeCodes.restart : closeCodes.failed;
    this.#socket.close(code, "the answer was broken off");
  }

  // --- inside ---

  #receive(frame: Buffer, isBinary: boolean): void {
    if (this.#isDraining || this.#socket.readyState !== this.#socket.OPEN) return;
    if (isBinary) return this.#socket.close(closeCodes.unsupported, "only text frames are understood");
    if (this.#socket.bufferedAmount > LARGEST_BACKLOG) {
      return this.#socket.close(closeCodes.policy, "the answers are not read");
    }
    if (this.#response === null) return this.#take(frame);
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push(frame);
    else this.#socket.close(closeCodes.policy, "too many requests at once");
  }

  #take(text: Buffer): void {
    const frame = readFrame(text);
    switch (frame.kind) {
      case "notice":
        return;
      case "unknown":
        return this.send(unknownFrame(frame.type));
      case "malformed":
        return this.#serve(null, gatewayFailure("invalid_request", "The frame is not a JSON object with a `type`."));
      case "create":
        return this.#create(frame.create);
    }
  }

  #create(frame: CreateFrame): void {
    const metadata = valueOf(frame.text, findMember(frame.members, "client_metadata"));
    const request = selfContained(frame, this.#memory, httpMetadata(metadata));
    if (isFailure(request)) return this.#serve(null, request);
    const { body, items } = request;
    const turnId = turnIdOf(metadata);
    if (turnId === null || turnId !== this.#turn.id) this.#turn = { id: turnId, state: null };
    const headers = frameHeaders(this.#terms.sharedHeaders, { clientMetadata: metadata, turnState: this.#turn.state });
    if (!frame.isPrewarm) return this.#serve(new FrameRequest(body, headers), null, items);
    const failure = this.#terms.whyNot(headers.headers);
    if (failure === null) this.#prewarm(frame, items);
    else this.#serve(null, failure);
  }

  /** Nothing is asked of an upstream: over HTTP there is nothing that it could prepare. */
  #prewarm({ text, members }: CreateFrame, items: readonly ItemsText[]): void {
    const model = stringOf(text, findMember(members, "model")) ?? null;
    const { responseId, frames } = prewarmed(model, this.#terms.now());
    this.#memory.remember(responseId, items);
    for (const frame of frames) this.send(frame);
  }

  #serve(request: FrameRequest | null, fault: Failure | null, items: readonly ItemsText[] = []): void {
    const { target, route, sharedHeaders, isCodex, now } = this.#terms;
    const response = new FrameResponse({
      sink: this,
      isCodex,
      now,
      onHeaders: (headers) => this.#learn(headers),
      onAnswer: (id, output) => this.#remember(id, items, output),
    });
    this.#response = response;
    const asked = request ?? new FrameRequest(Buffer.alloc(0), frameHeaders(sharedHeaders));
    void this.#terms.serve({ request: asked, response, target, route, fault }).finally(() => this.#served());
  }

  #learn(headers: OutgoingHttpHeaders): void {
    const state = headers["x-codex-turn-state"];
    // The first one counts for the whole turn, as Codex has it over HTTP.
    if (typeof state === "string") this.#turn.state ??= state;
    this.#terms.onHeaders(headers);
  }

  #remember(responseId: string, items: readonly ItemsText[], output: Buffer): void {
    const added = asInputItems(output);
    this.#memory.remember(responseId, added === null ? items : [...items, added]);
  }

  #served(): void {
    this.#response = null;
    if (this.#isDraining) return this.drain();
    while (this.#response === null) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#take(next);
    }
  }

  #closed(): void {
    this.#waiting = [];
    this.#memory.forget();
    this.#response?.abandon();
  }
}
