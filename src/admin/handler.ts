// The shape of RPC handlers. One is needed for each method of the contract; a missing or wrong one does not compile.

import type { MethodName, ParamsOf, ResultOf } from "../contract/rpc/table.ts";

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

export interface CallContext {
  /** The original's page sends its own settings at each load; such a call fills in what nobody has decided yet. */
  readonly isLoadPush: boolean;
}

/** Actions answer nothing but that they are done. */
type Answer<M extends MethodName> = ResultOf<M> extends { ok: true } ? null : ResultOf<M>;

export type Handler<M extends MethodName> = (params: ParamsOf<M>, context: CallContext) => Promise<Outcome<Answer<M>>>;

export type Handlers<M extends MethodName = MethodName> = { readonly [N in M]: Handler<N> };

export function done<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function failed(error: string): { readonly ok: false; readonly error: string } {
  return { ok: false, error };
}

/** The RPC speaks in whole unix seconds. */
export function toSeconds(ms: number): number;
export function toSeconds(ms: number | null): number | null;
export function toSeconds(ms: number | null): number | null {
  return ms === null ? null : Math.floor(ms / 1000);
}
