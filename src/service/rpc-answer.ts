// One RPC message as text in, the answer as text out: what /rpc, /api/rpc and the command line have in common.

import type { Admin } from "../admin/admin.ts";
import { parseRequest } from "../contract/rpc/envelope.ts";

export interface RpcAnswer {
  /** 200, or 400 when the message is no request. */
  readonly status: number;
  /** JSON. */
  readonly body: string;
}

export type AnswerRpc = (message: string, isLoadPush: boolean) => Promise<RpcAnswer>;

/** `admin` is asked for with each call, so that it may be loaded with the first. */
export function answerRpc(admin: () => Promise<Admin>): AnswerRpc {
  return async (message, isLoadPush) => {
    const request = parseRequest(message);
    if (request === null) return { status: 400, body: "{}" };
    const reply = await (await admin()).call(request, { isLoadPush });
    return { status: 200, body: JSON.stringify(reply) };
  };
}
