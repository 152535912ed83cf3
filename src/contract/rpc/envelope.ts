// The outside of an RPC message: `{id, method, params?}` in, `{id, result}` out. The `jsonrpc` member is neither needed nor sent.

import type { ErrorShape } from "./method.ts";

/** Header that carries the RPC token. */
export const TOKEN_HEADER = "x-codexmanager-rpc-token";

export interface RpcRequest {
  readonly id: number;
  readonly method: string;
  /** Anything but an object counts as no parameters. */
  readonly params: object;
}

export interface RpcReply {
  readonly id: number;
  readonly result: unknown;
}

/** Reads one request; null when the text is no JSON, or `id` no unsigned integer, or `method` no text. */
export function parseRequest(text: string): RpcRequest | null {
  const message = parse(text);
  if (typeof message !== "object" || message === null) return null;
  const { id, method, params } = message as Partial<Record<"id" | "method" | "params", unknown>>;
  if (!Number.isSafeInteger(id) || (id as number) < 0 || typeof method !== "string") return null;
  const isObject = typeof params === "object" && params !== null && !Array.isArray(params);
  return { id: id as number, method, params: isObject ? params : {} };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

export function failureResult(shape: ErrorShape, message: string): object {
  return shape === "value" ? { error: message } : { ok: false, error: message };
}

/** The message of a failed call, whichever shape it has; null when the call succeeded. */
export function failureOf(result: unknown): string | null {
  if (typeof result !== "object" || result === null) return "the answer is not an RPC result";
  const { ok, error } = result as { ok?: unknown; error?: unknown };
  if (typeof error === "string") return error;
  return ok === false ? "the call failed" : null;
}
