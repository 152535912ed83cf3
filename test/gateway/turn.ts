// Sends turns as a client would and tells how they ended.

import { type IncomingHttpHeaders, request } from "node:http";
import { KEY } from "./bare-gateway.ts";

export interface TurnOptions {
  /** The conversation; also makes the client Codex itself. Null: a client that is not Codex. */
  readonly thread?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of a one-message body; a text is sent as it is. */
  readonly body?: object | string;
  readonly path?: string;
}

export interface TurnEnd {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The connection broke before the answer was over. */
  readonly isBroken: boolean;
  /** Ended with `response.completed`, or as one completed object. */
  readonly isComplete: boolean;
  /** The error object of an answer that is one. */
  readonly error: Record<string, unknown> | null;
}

export function userMessage(text: string): object {
  return { type: "message", role: "user", content: [{ type: "input_text", text }] };
}

export function turnBody(text = "hello", more: object = {}): object {
  return {
    model: "gpt-5.5",
    instructions: "",
    input: [userMessage(text)],
    store: false,
    stream: true,
    include: ["reasoning.encrypted_content"],
    ...more,
  };
}

export function sendTurn(url: string, options: TurnOptions = {}): Promise<TurnEnd> {
  const { thread = "thread-1", body = turnBody(), path = "/v1/responses" } = options;
  const native = thread === null ? {} : { originator: "codex_exec", "thread-id": thread };
  const headers = { authorization: `Bearer ${KEY}`, "content-type": "application/json", ...native, ...options.headers };
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}${path}`, { method: "POST", headers });
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", () => {});
      response.on("close", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve(describeEnd(response.statusCode ?? 0, response.headers, text, !response.complete));
      });
    });
    outgoing.end(typeof body === "string" ? body : JSON.stringify(body));
  });
}

function describeEnd(status: number, headers: IncomingHttpHeaders, text: string, isBroken: boolean): TurnEnd {
  const isStream = headers["content-type"]?.includes("event-stream") ?? false;
  const object =
    isStream || isBroken ? null : (JSON.parse(text) as { status?: string; error?: Record<string, unknown> });
  const isComplete = isStream ? text.includes("event: response.completed") : object?.status === "completed";
  return { status, headers, text, isBroken, isComplete, error: object?.error ?? null };
}
