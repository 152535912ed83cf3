// The upstream, a process of its own: reads a request only as far as needed to find its end and answers with bytes that
// were built beforehand. Not node:http, which would be the limit of what is measured.

import { createServer, type Socket } from "node:net";
import { type AnswerName, answers, openStream } from "./answers.ts";
import { answerQuestions } from "./ask.ts";

/** What the next requests are answered with; `open` begins a stream and holds it. */
export type Mode = AnswerName | "open";

export interface MockQuestions {
  start(): Promise<{ port: number }>;
  answerWith(mode: Mode): void;
  /** Sends `rounds` events on every open stream, one each `everyMs`. */
  pace(options: { rounds: number; everyMs: number }): Promise<{ events: number; lateMs: number }>;
  /** Ends all open streams. */
  release(): { streams: number };
}

/** So much of each round is sent at once, so that the events of many streams do not come as one burst. */
const SLICES = 10;

const models = Buffer.from(JSON.stringify({ models: [{ slug: "gpt-5.5", display_name: "GPT-5.5" }] }));
const otherAnswer = Buffer.concat([
  Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${models.length}\r\n\r\n`),
  models,
]);

const opened = new Set<Socket>();
let current: Buffer = answers.json.wire;
let isOpening = false;

class Connection {
  readonly #socket: Socket;
  #head: Buffer | null = null;
  #bodyLeft = 0;
  #isTurn = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  push(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0) {
      if (this.#bodyLeft > 0) {
        const taken = Math.min(this.#bodyLeft, rest.length);
        this.#bodyLeft -= taken;
        rest = rest.subarray(taken);
      } else {
        const text: Buffer = this.#head === null ? rest : Buffer.concat([this.#head, rest]);
        const end = text.indexOf("\r\n\r\n");
        this.#head = end < 0 ? text : null;
        if (end < 0) return;
        this.#begin(text.toString("latin1", 0, end));
        rest = text.subarray(end + 4);
      }
      if (this.#bodyLeft === 0) this.#answer();
    }
  }

  #begin(head: string): void {
    this.#isTurn = head.startsWith("POST") && head.includes("/responses");
    this.#bodyLeft = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    if (/\r\ntransfer-encoding:/i.test(head)) throw new Error("the mock upstream takes no chunked request bodies");
  }

  #answer(): void {
    if (!this.#isTurn) this.#socket.write(otherAnswer);
    else if (isOpening) {
      opened.add(this.#socket);
      this.#socket.write(openStream.start);
    } else this.#socket.write(current);
  }
}

async function pace({ rounds, everyMs }: { rounds: number; everyMs: number }) {
  const sockets = [...opened];
  const slice = Math.ceil(sockets.length / SLICES);
  const startedAt = performance.now();
  let lateMs = 0;
  for (let step = 0; step < rounds * SLICES; step += 1) {
    const dueAt = startedAt + (step * everyMs) / SLICES;
    const waitMs = dueAt - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    else lateMs = Math.max(lateMs, -waitMs);
    const first = (step % SLICES) * slice;
    for (const socket of sockets.slice(first, first + slice)) socket.write(openStream.event);
  }
  return { events: rounds * sockets.length, lateMs };
}

function start(): Promise<{ port: number }> {
  const server = createServer({ noDelay: true }, (socket) => {
    const connection = new Connection(socket);
    socket.on("data", (bytes: Buffer) => connection.push(bytes));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => opened.delete(socket));
  });
  return new Promise((resolve) => {
    server.listen({ port: 0, host: "127.0.0.1", backlog: 8192 }, () => {
      resolve({ port: (server.address() as { port: number }).port });
    });
  });
}

const questions: MockQuestions = {
  start,
  answerWith(mode) {
    isOpening = mode === "open";
    if (mode !== "open") current = answers[mode].wire;
  },
  pace,
  release() {
    const streams = opened.size;
    for (const socket of opened) socket.write(openStream.end);
    opened.clear();
    return { streams };
  },
};

answerQuestions(questions);
