// What the suite asks of every client format. Written from the formats' public documentation, sharing no code with what is tested.

import type { Understood } from "../answer.ts";

export interface DialectClient {
  readonly name: string;
  /** Path and body of a request for an answer as it is wanted; with a tool called `look`, and thinking shown. */
  request(wish: { readonly isStream: boolean }): {
    readonly path: string;
    readonly query: string;
    readonly body: object;
  };
  /** What is wrong with the form of a stream, in sentences. */
  complaints(stream: string): string[];
  read(stream: string): Understood;
  readReply(reply: unknown): Understood;
  /** Thinking that is shown only where the upstream has sealed it. */
  readonly needsSeal?: boolean;
}

export type Json = Readonly<Record<string, unknown>>;

export function json(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

export function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map(json) : [];
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function count(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

/** Of a call; what broke off in the middle cannot be read. */
export function argsOf(written: string): Json {
  try {
    return json(JSON.parse(written || "{}"));
  } catch {
    return { unreadable: written };
  }
}

export const LOOK = { type: "object", properties: { at: { type: "string" } } };
