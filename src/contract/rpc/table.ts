// The one table of RPC methods. Handlers, clients and the reference in docs/ derive from it: a new method is one entry under
// areas/ and one handler.

import type { z } from "zod";

import { accountMethods } from "./areas/account.ts";
import { apiKeyMethods } from "./areas/api-key.ts";
import { gatewayMethods } from "./areas/gateway.ts";
import { jobMethods } from "./areas/jobs.ts";
import { modelMethods } from "./areas/models.ts";
import { noticeMethods } from "./areas/notices.ts";
import { poolMethods } from "./areas/pool.ts";
import { providerMethods } from "./areas/provider.ts";
import { requestLogMethods } from "./areas/request-log.ts";
import { signInMethods } from "./areas/sign-in.ts";
import { systemMethods } from "./areas/system.ts";
import type { RpcMethod } from "./method.ts";

export const rpcMethods = {
  ...systemMethods,
  ...accountMethods,
  ...signInMethods,
  ...apiKeyMethods,
  ...gatewayMethods,
  ...modelMethods,
  ...poolMethods,
  ...providerMethods,
  ...requestLogMethods,
  ...jobMethods,
  ...noticeMethods,
};

type Table = typeof rpcMethods;

export type MethodName = keyof Table;

/** Parameters as a handler gets them. */
export type ParamsOf<M extends MethodName> = z.output<Table[M]["params"]>;

/** Parameters as a client may send them. */
export type InputOf<M extends MethodName> = z.input<Table[M]["params"]>;

/** What a method answers at least. */
export type ResultOf<M extends MethodName> = z.output<Table[M]["result"]>;

export const methodNames = Object.keys(rpcMethods) as readonly MethodName[];

export function findMethod(name: string): (RpcMethod & { readonly name: MethodName }) | null {
  if (!Object.hasOwn(rpcMethods, name)) return null;
  const method: RpcMethod = rpcMethods[name as MethodName];
  return { ...method, name: name as MethodName };
}
