// How the web listener reaches the service: in the same process, or by HTTP with the RPC token.

import { TOKEN_HEADER } from "../../contract/rpc/envelope.ts";
import type { AnswerRpc, RpcAnswer } from "../rpc-answer.ts";
import { LOAD_PUSH_HEADER } from "./load-push.ts";

export interface ServiceLink {
  /** Rejects when the service cannot be reached. */
  readonly answer: AnswerRpc;
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
    async stop() {
      const { status } = await send("/__shutdown", "");
      if (status !== 200) throw new Error(`the service answered ${status}`);
    },
  };
}
