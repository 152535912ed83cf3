// RPC over HTTP, as a page or a script would speak it.

import { TOKEN_HEADER } from "../../src/contract/rpc/envelope.ts";
import type { InputOf, MethodName, ResultOf } from "../../src/contract/rpc/table.ts";

export interface RpcAddress {
  readonly url: string;
  readonly token: string;
}

export type CallRpc = <M extends MethodName>(method: M, params?: InputOf<M>) => Promise<ResultOf<M>>;

/** The address is asked for with every call, for a service may have been restarted. Throws when a method tells a failure. */
export function rpcAt(address: () => RpcAddress): CallRpc {
  return async (method, params) => {
    const { url, token } = address();
    const answer = await fetch(new URL("/rpc", url), {
      method: "POST",
      headers: { "content-type": "application/json", [TOKEN_HEADER]: token },
      body: JSON.stringify({ id: 1, method, params }),
    });
    if (answer.status !== 200) throw new Error(`${method}: status ${answer.status}`);
    const { result } = (await answer.json()) as { result: ResultOf<typeof method> & { error?: string } };
    if (result.error !== undefined) throw new Error(`${method}: ${result.error}`);
    return result;
  };
}
