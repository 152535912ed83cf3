// How a command does its work: through the running service, or, when none runs, by opening the data directory itself.

import { failureOf, TOKEN_HEADER } from "../contract/rpc/envelope.ts";
import type { RpcReply } from "../contract/rpc/envelope.ts";
import type { InputOf, MethodName, ResultOf } from "../contract/rpc/table.ts";
import { silentLog } from "../kit/log.ts";
import { findInstance } from "../service/instance.ts";
import { rpcTokenPath, readToken } from "../service/rpc-token.ts";
import type { StartSettings } from "../service/settings/start-settings.ts";
import type { Context } from "./context.ts";
import { CommandError } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Words } from "./words/en.ts";

export interface Rpc {
  /** Throws CommandError with the method's own message when the call fails. */
  call<M extends MethodName>(method: M, params?: InputOf<M>): Promise<ResultOf<M>>;
  close(): Promise<void>;
}

type Send = (method: MethodName, params: object) => Promise<RpcReply>;

export async function withRpc<T>(context: Context, work: (rpc: Rpc) => Promise<T>): Promise<T> {
  const rpc = await connect(context, context.settings());
  try {
    return await work(rpc);
  } finally {
    await rpc.close();
  }
}

async function connect(context: Context, start: StartSettings): Promise<Rpc> {
  return (await serviceRpc(context, start)) ?? openStoreItself(context, start);
}

/** Null when no service runs. */
export async function serviceRpc(context: Context, start: StartSettings): Promise<Rpc | null> {
  const service = await findService(context, start);
  if (service === null) return null;
  return rpcOver(httpSend(service.url, service.token, context.words), () => Promise.resolve());
}

interface ReachableService {
  readonly url: string;
  readonly token: string;
}

/** The service that runs on the data directory; null when there is none. */
export async function findService({ words }: Context, start: StartSettings): Promise<ReachableService | null> {
  const instance = await findInstance(start.databaseDirectory);
  if (instance === null) return null;
  if (instance.serviceUrl === null) throw new CommandError(words.serviceStarting(instance.pid), exitCodes.failed);
  const token = start.resolved.values.service.rpcToken ?? (await readToken(rpcTokenPath(start)));
  return { url: instance.serviceUrl, token: token ?? "" };
}

/** What `fetch` has to say about a service that does not answer. */
export function asSilence(error: unknown, url: string, words: Words): CommandError {
  const { message } = error instanceof Error && error.cause instanceof Error ? error.cause : (error as Error);
  return new CommandError(words.serviceSilent(url, message), exitCodes.failed);
}

async function openStoreItself({ terminal }: Context, start: StartSettings): Promise<Rpc> {
  const [{ openCore }, { coreAdmin }] = await Promise.all([
    import("../service/open-core.ts"),
    import("../service/core-admin.ts"),
  ]);
  const core = await openCore({ start, clock: terminal.clock, log: silentLog });
  await core.instance.announce({ pid: process.pid, serviceUrl: null, webUrl: null });
  const admin = coreAdmin(core, {
    models: async () => [],
    process: () => ({ pid: null, startedAt: null, serviceUrl: null, webUrl: null }),
  });
  return rpcOver(
    (method, params) => admin.call({ id: 1, method, params }),
    () => core.close(),
  );
}

function rpcOver(send: Send, close: () => Promise<void>): Rpc {
  return {
    async call<M extends MethodName>(method: M, params?: InputOf<M>) {
      const { result } = await send(method, params ?? {});
      const failure = failureOf(result);
      if (failure !== null) throw new CommandError(failure, exitCodes.failed);
      return result as ResultOf<M>;
    },
    close,
  };
}

function httpSend(url: string, token: string, words: Words): Send {
  return async (method, params) => {
    const response = await fetch(new URL("/rpc", url), {
      method: "POST",
      headers: { "content-type": "application/json", [TOKEN_HEADER]: token },
      body: JSON.stringify({ id: 1, method, params }),
      redirect: "error",
    }).catch((error: unknown) => {
      throw asSilence(error, url, words);
    });
    if (response.status !== 200) throw new CommandError(words.serviceAnswered(url, response.status), exitCodes.failed);
    return (await response.json()) as RpcReply;
  };
}
