// How the web listener reaches the service: in the same process, or by HTTP with the RPC token.

import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { pipeline } from "node:stream/promises";

import { TOKEN_HEADER } from "../../contract/rpc/envelope.ts";
import type { StreamEvents } from "../events/event-stream.ts";
import { eventStreamHeaders } from "../events/event-stream.ts";
import type { AnswerRpc, RpcAnswer } from "../rpc-answer.ts";
import { LOAD_PUSH_HEADER } from "./load-push.ts";

export interface ServiceLink {
  /** Rejects when the service cannot be reached. */
  readonly answer: AnswerRpc;
  /** Rejects, with the response untouched, when the service cannot be reached or refuses. */
  readonly events: StreamEvents;
  /** Asks the service to stop; resolves when it has been told. */
  stop(): Promise<void>;
}

export interface HttpLinkOptions {
  /** `http://localhost:48760` */
  readonly url: string;
  /** Asked for with each call: the service may have created it later than the web listener was started. */
  readonly token: () => Promise<string>;
}

export function httpLink({ url, token }: HttpLinkOptions): ServiceLink {
  async function send(path: string, body: string, headers: Record<string, string> = {}): Promise<RpcAnswer> {
    const response = await fetch(new URL(path, url), {
      method: "POST",
      headers: { "content-type": "application/json", [TOKEN_HEADER]: await token(), ...headers },
      body,
      redirect: "error",
    });
    return { status: response.status, body: await response.text() };
  }

  return {
    answer: (message, isLoadPush) => send("/rpc", message, isLoadPush ? { [LOAD_PUSH_HEADER]: "1" } : {}),
    async events(lastEventId, response) {
      const service = await openStream(new URL("/events", url), await token(), lastEventId, response);
      response.writeHead(200, eventStreamHeaders);
      // Either side's end is the other's.
      await pipeline(Readable.fromWeb(service), response).catch(() => response.destroy());
    },
    async stop() {
      const { status } = await send("/__shutdown", "");
      if (status !== 200) throw new Error(`the service answered ${status}`);
    },
  };
}

/** Broken off when the response's client leaves. */
async function openStream(
  url: URL,
  token: string,
  lastEventId: string | null,
  response: ServerResponse,
): Promise<ReadableStream> {
  const leaving = new AbortController();
  response.once("close", () => leaving.abort());
  const answer = await fetch(url, {
    headers: { [TOKEN_HEADER]: token, ...(lastEventId === null ? {} : { "last-event-id": lastEventId }) },
    redirect: "error",
    signal: leaving.signal,
  });
  if (answer.status !== 200 || answer.body === null) throw new Error(`the service answered ${answer.status}`);
  return answer.body;
}
