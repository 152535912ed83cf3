// The least a gateway on this stack can do: check a key, forward, stream back, with back-pressure both ways. No account
// is chosen, nothing is read, logged or retried. Shows what of the product's cost is the stack's.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Agent, type Dispatcher } from "undici";

import { answerQuestions } from "./ask.ts";
import type { StartQuestions } from "./subject.ts";

type Controller = Dispatcher.DispatchController;

class Answer {
  readonly #response: ServerResponse;
  #pending: Buffer[] = [];
  #controller: Controller | null = null;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.on("drain", () => this.#controller?.resume());
    response.on("close", () => {
      if (!response.writableFinished) this.#controller?.abort(new Error("the client left"));
    });
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
  }

  onResponseStart(_controller: Controller, status: number, headers: Record<string, string | string[]>): void {
    const { "transfer-encoding": _hop, connection: _own, ...kept } = headers;
    this.#response.writeHead(status, kept);
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    if (this.#pending.push(chunk) === 1) process.nextTick(() => this.#flush());
  }

  onResponseEnd(): void {
    this.#flush();
    this.#response.end();
  }

  onResponseError(): void {
    this.#response.destroy();
  }

  #flush(): void {
    if (this.#pending.length === 0) return;
    const bytes = this.#pending.length === 1 ? this.#pending[0] : Buffer.concat(this.#pending);
    this.#pending = [];
    if (!this.#response.write(bytes)) this.#controller?.pause();
  }
}

const own = new Set(["host", "connection", "content-length", "authorization"]);

function relay(request: IncomingMessage, response: ServerResponse, { agent, origin }: Upstream): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const headers = ["authorization", "Bearer upstream"];
    for (let index = 0; index < request.rawHeaders.length; index += 2) {
      const name = request.rawHeaders[index] ?? "";
      if (!own.has(name)) headers.push(name, request.rawHeaders[index + 1] ?? "");
    }
    const body = Buffer.concat(chunks);
    agent.dispatch({ origin, path: request.url ?? "/", method: "POST", headers, body }, new Answer(response));
  });
}

interface Upstream {
  readonly agent: Agent;
  readonly origin: string;
}

const questions: StartQuestions = {
  start({ upstreamPort, secret }) {
    const upstream = { agent: new Agent({ pipelining: 1 }), origin: `http://127.0.0.1:${upstreamPort}` };
    const expected = `Bearer ${secret}`;
    const server = createServer((request, response) => {
      if (request.headers.authorization === expected) relay(request, response, upstream);
      else response.writeHead(401).end();
    });
    return new Promise((resolve) => {
      const options = { port: 0, host: "127.0.0.1", backlog: 8192 };
      server.listen(options, () => resolve({ port: (server.address() as { port: number }).port }));
    });
  },
};

answerQuestions(questions);
