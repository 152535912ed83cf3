// One RPC method: what it takes, what it gives, how its failures look and how it is described. The methods themselves are under
// areas/; what they do is not known here.

import { z } from "zod";

import type { Words } from "../settings/setting.ts";

/**
 * How an expected failure looks inside `result`: `{"error": message}` for a value, `{"ok": false, "error": message}` for an
 * action, which otherwise answers `{"ok": true}`.
 */
export type ErrorShape = "value" | "action";

export interface RpcMethod<P extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  readonly params: P;
  /** Fields the answer has at least. */
  readonly result: R;
  readonly errors: ErrorShape;
  readonly description: Words;
}

interface ValueFacts<P, R> extends Words {
  readonly params?: P;
  readonly result: R;
}

export const nothing = z.object({});

export function value<R extends z.ZodType, P extends z.ZodType = typeof nothing>(
  facts: ValueFacts<P, R>,
): RpcMethod<P, R> {
  const { params = nothing as unknown as P, result, en, zh } = facts;
  return { params, result, errors: "value", description: { en, zh } };
}

const done = z.object({ ok: z.literal(true) });

export function action<P extends z.ZodType = typeof nothing>(
  facts: Words & { readonly params?: P },
): RpcMethod<P, typeof done> {
  const { params = nothing as unknown as P, en, zh } = facts;
  return { params, result: done, errors: "action", description: { en, zh } };
}
