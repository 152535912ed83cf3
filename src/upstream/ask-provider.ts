// One request to a provider beside the gateway's own: bounded in time and size, no redirects, failures as values.

import type { Dispatcher } from "undici";
import type { Provider } from "../contract/provider.ts";
import type { JsonObject } from "../kit/json-value.ts";
import { providerHeaders } from "./provider-headers.ts";

export interface ProviderCall {
  readonly dispatcher: Dispatcher;
  readonly provider: Provider;
  readonly apiKey: string;
  readonly userAgent: string;
  /** Below the provider's origin, with its query. */
  readonly path: string;
  /** Sent by POST; without one the path is read. */
  readonly body?: JsonObject;
  /** For everything, from connecting to the last byte. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export type ProviderReply =
  | {
      readonly ok: true;
      readonly status: number;
      readonly headers: Readonly<Record<string, string | string[] | undefined>>;
      readonly contentType: string;
      readonly body: Buffer;
    }
  | { readonly ok: false; readonly phase: "connect" | "wait"; readonly reason: string };

/** Lists of hundreds of models with their descriptions are a megabyte or two. */
const LONGEST_REPLY = 8 * 1024 * 1024;

/** Never rejects. */
export async function askProvider(call: ProviderCall): Promise<ProviderReply> {
  const { dispatcher, provider, apiKey, userAgent, path, body, timeoutMs, signal } = call;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await dispatcher.request({
      origin: new URL(provider.baseUrl).origin,
      path,
      method: body === undefined ? "GET" : "POST",
      headers: providerHeaders(provider, { apiKey, userAgent }),
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    const { statusCode: status, headers } = answer;
    const bytes = await whole(answer.body as AsyncIterable<Buffer>);
    if (bytes === null) return { ok: false, phase: "wait", reason: `more than ${LONGEST_REPLY} bytes` };
    return { ok: true, status, headers, contentType: String(headers["content-type"] ?? ""), body: bytes };
  } catch (error) {
    if (timeout.aborted) return { ok: false, phase: "wait", reason: `no answer within ${timeoutMs / 1000} s` };
    return { ok: false, phase: "connect", reason: reasonOf(error) };
  }
}

async function whole(body: AsyncIterable<Buffer>): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > LONGEST_REPLY) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (error as NodeJS.ErrnoException).code ?? error.message;
}
