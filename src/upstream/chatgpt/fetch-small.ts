// One small JSON request to a trusted address: bounded in time and size, no redirects, failures as values.

import type { Dispatcher } from "undici";

const longestAnswer = 1024 * 1024;

export interface SmallRequest {
  readonly dispatcher: Dispatcher;
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For everything, from connecting to the last byte. */
  readonly timeoutMs: number;
}

export type SmallAnswer =
  | {
      readonly ok: true;
      readonly status: number;
      /** The answer when it is a JSON object. */
      readonly json: Readonly<Record<string, unknown>> | null;
    }
  | { readonly ok: false; readonly message: string };

export async function fetchSmall(request: SmallRequest): Promise<SmallAnswer> {
  const { origin, pathname, search } = new URL(request.url);
  try {
    const { statusCode, body } = await request.dispatcher.request({
      origin,
      path: pathname + search,
      method: request.method,
      headers: request.headers,
      body: request.body ?? null,
      signal: AbortSignal.timeout(request.timeoutMs),
    });
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > longestAnswer) return { ok: false, message: `${origin} answered more than ${longestAnswer} bytes` };
      chunks.push(chunk);
    }
    return { ok: true, status: statusCode, json: parseObject(Buffer.concat(chunks).toString("utf8")) };
  } catch (error) {
    return { ok: false, message: `${origin} cannot be reached: ${reason(error, request.timeoutMs)}` };
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

function reason(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${timeoutMs} ms`;
  return (error as NodeJS.ErrnoException).code ?? error.message;
}
