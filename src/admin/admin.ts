// Answers RPC calls: finds the method, checks the parameters, runs the handler, and puts failures into the method's own shape.

import { failureResult } from "../contract/rpc/envelope.ts";
import type { RpcReply, RpcRequest } from "../contract/rpc/envelope.ts";
import type { RpcMethod } from "../contract/rpc/method.ts";
import type { MethodName } from "../contract/rpc/table.ts";
import { findMethod } from "../contract/rpc/table.ts";
import type { Clock } from "../kit/clock.ts";
import type { CallContext, Handlers, Outcome } from "./handler.ts";

export interface CallEnd {
  readonly method: MethodName | null;
  readonly isFailed: boolean;
  readonly tookMs: number;
}

export interface Admin {
  /** Never rejects: a bug becomes the method's failure and is reported. */
  call(request: RpcRequest, context?: CallContext): Promise<RpcReply>;
}

export interface AdminOptions {
  readonly handlers: Handlers;
  readonly clock: Clock;
  readonly reportBug: (error: unknown, method: MethodName) => void;
  readonly onEnd?: (end: CallEnd) => void;
}

type AnyHandler = (params: unknown, context: CallContext) => Promise<Outcome<unknown>>;

const INTERNAL = "something went wrong inside the service; its log says what";

export function createAdmin({ handlers, clock, reportBug, onEnd = () => {} }: AdminOptions): Admin {
  async function run(method: RpcMethod & { name: MethodName }, params: object, context: CallContext) {
    const checked = method.params.safeParse(params);
    if (!checked.success) return { ok: false, error: firstIssue(checked.error.issues) } as const;
    try {
      return await (handlers[method.name] as AnyHandler)(checked.data, context);
    } catch (error) {
      reportBug(error, method.name);
      return { ok: false, error: INTERNAL } as const;
    }
  }

  return {
    async call({ id, method: name, params }, context = { isLoadPush: false }) {
      const startedAt = clock.now();
      const end = (isFailed: boolean) =>
        onEnd({ method: method?.name ?? null, isFailed, tookMs: clock.now() - startedAt });
      const method = findMethod(name);
      if (method === null) {
        end(true);
        return { id, result: { error: "unknown_method" } };
      }
      const outcome = await run(method, params, context);
      end(!outcome.ok);
      if (!outcome.ok) return { id, result: failureResult(method.errors, outcome.error) };
      return { id, result: method.errors === "action" ? { ok: true } : outcome.value };
    },
  };
}

/** A message of the contract's own is complete; one of the schema's is put behind the field's name. */
function firstIssue(issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): string {
  const issue = issues[0];
  if (!issue) return "the parameters are not accepted";
  return /^[A-Z]/.test(issue.message) ? `${issue.path.map(String).join(".")}: ${issue.message}` : issue.message;
}
