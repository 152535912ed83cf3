// A client that speaks WebSocket to the gateway, as Codex does.

import { WebSocket } from "ws";
import { KEY } from "./bare-gateway.ts";
import { turnBody, userMessage } from "./turn.ts";

export type Frame = Readonly<Record<string, unknown>> & { readonly type: string };

export interface FrameClientOptions {
  /** The conversation; also makes the client Codex itself. Null: a client that is not Codex. */
  readonly thread?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
  /** Offers compression, as Codex does. */
  readonly perMessageDeflate?: boolean;
}

export interface FrameClient {
  readonly socket: WebSocket;
  /** Headers of the handshake's answer. */
  readonly handshake: Readonly<Record<string, unknown>>;
  readonly send: (frame: object | string) => void;
  /** Sends a request and resolves with all frames up to and with the one that ends its answer. */
  readonly ask: (frame: object) => Promise<readonly Frame[]>;
  /** The frames of the next answer. */
  readonly answer: () => Promise<readonly Frame[]>;
  /** The next frame, whatever it is. */
  readonly next: () => Promise<Frame>;
  /** Code of the close, whoever closes. */
  readonly closed: Promise<number>;
}

const ENDINGS = new Set(["response.completed", "response.failed", "response.incomplete", "error"]);

/** Rejects with the status when the upgrade is refused. */
export async function openFrames(url: string, options: FrameClientOptions = {}): Promise<FrameClient> {
  const { thread = "thread-1", path = "/v1/responses", perMessageDeflate = true } = options;
  const native = thread === null ? {} : { originator: "codex_exec", "thread-id": thread };
  const beta = { "openai-beta": "responses_websockets=2026-02-06" };
  const headers = { authorization: `Bearer ${KEY}`, ...native, ...beta, ...options.headers };
  const socket = new WebSocket(`${url.replace("http", "ws")}${path}`, { headers, perMessageDeflate });
  const frames = new Frames();
  socket.on("message", (text: Buffer) => frames.add(JSON.parse(text.toString()) as Frame));
  const closed = new Promise<number>((resolve) => socket.on("close", resolve));
  let handshake: Record<string, unknown> = {};
  socket.on("upgrade", (response) => (handshake = response.headers));
  await new Promise<void>((resolve, reject) => {
    socket.on("open", resolve);
    socket.on("unexpected-response", (_request, response) => {
      socket.on("error", () => {});
      reject(new Error(String(response.statusCode)));
      socket.terminate();
    });
    socket.on("error", reject);
  });
  const answer = async (): Promise<readonly Frame[]> => {
    const taken: Frame[] = [];
    for (;;) {
      const frame = await frames.next();
      taken.push(frame);
      if (ENDINGS.has(frame.type)) return taken;
    }
  };
  const send = (frame: object | string): void => socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  return {
    socket,
    handshake,
    send,
    ask: (frame) => {
      send(frame);
      return answer();
    },
    answer,
    next: () => frames.next(),
    closed,
  };
}

class Frames {
  readonly #arrived: Frame[] = [];
  #wake: (() => void) | null = null;

  add(frame: Frame): void {
    this.#arrived.push(frame);
    this.#wake?.();
  }

  async next(): Promise<Frame> {
    while (this.#arrived.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#arrived.shift() as Frame;
  }
}

/** A request as a frame. */
export function create(text = "hello", more: object = {}): object {
  return { type: "response.create", ...turnBody(text), ...more };
}

/** A request that goes on from a response, with what is new. */
export function goOn(previous: readonly Frame[], text: string, more: object = {}): object {
  return create("", { input: [userMessage(text)], previous_response_id: idOf(previous), ...more });
}

/** The id of the response that an answer ended with. */
export function idOf(answer: readonly Frame[]): string {
  const last = answer.at(-1)?.["response"] as { id: string } | undefined;
  return last?.id ?? "";
}

/** The finished output items of an answer. */
export function outputOf(answer: readonly Frame[]): Array<Record<string, unknown>> {
  const done = answer.filter(({ type }) => type === "response.output_item.done");
  return done.map(({ item }) => item as Record<string, unknown>);
}
