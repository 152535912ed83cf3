// Stage 1: takes in the request's body, within limits, and undoes its compression. What it means is not asked here.

import type { Failure } from "../contract/failure.ts";
import { decodeContent } from "../kit/content-encoding.ts";
import type { Call, CallRequest } from "./call.ts";
import { clientLeft, gatewayFailure, isFailure } from "./failures.ts";
import type { Route, Target } from "./routes.ts";

/** The one place that holds the body; emptied at the commit, so that open streams do not pin it. */
export interface BodySlot {
  /** As the client sent it. */
  sent: Buffer;
  /** Decompressed; the same buffer as `sent` when it was not compressed. */
  text: Buffer;
  /** In the client's own format, where that is not the internal form. */
  client: Buffer | null;
}

export interface Received {
  readonly call: Call;
  readonly target: Target;
  readonly route: Route;
  readonly body: BodySlot;
}

const EMPTY = Buffer.alloc(0);
export interface ReceiveRequest {
  readonly call: Call;
  readonly target: Target;
  readonly route: Route;
  readonly maxBytes: number;
}

export async function receive({ call, target, route, maxBytes }: ReceiveRequest): Promise<Received | Failure> {
  const declared = Number(call.request.headers["content-length"] ?? 0);
  if (declared > maxBytes) return tooLarge(`content-length=${declared}`, maxBytes);
  const sent = await readBody(call.request, maxBytes);
  if (isFailure(sent)) return sent;
  call.arrived();
  const text = await decode(sent, call.request.headers["content-encoding"], maxBytes);
  if (isFailure(text)) return text;
  call.record.bodyBytes = text.length;
  return { call, target, route, body: { sent, text, client: null } };
}

function readBody(request: CallRequest, maxBytes: number): Promise<Buffer | Failure> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) {
        request.pause();
        chunks.length = 0;
        resolve(tooLarge(`more than ${maxBytes} bytes`, maxBytes));
        return;
      }
      chunks.push(chunk);
    });
    request.on("end", () => {
      resolve(chunks.length === 1 ? (chunks[0] ?? EMPTY) : Buffer.concat(chunks, size));
      // The listeners stay with the request, which is there as long as its answer.
      chunks.length = 0;
    });
    request.on("close", () => resolve(clientLeft));
    request.on("error", () => resolve(clientLeft));
  });
}

async function decode(sent: Buffer, encoding: string | undefined, maxBytes: number): Promise<Buffer | Failure> {
  if (encoding === undefined) return sent;
  const decoded = await decodeContent(sent, encoding, maxBytes);
  if (decoded.ok) return decoded.bytes;
  switch (decoded.fault) {
    case "unsupported":
      return gatewayFailure(
        "unsupported_encoding",
        `The content-encoding "${encoding}" is not supported; zstd, gzip, br and deflate are.`,
      );
    case "too_large":
      return tooLarge(`more than ${maxBytes} bytes once decompressed`, maxBytes);
    case "malformed":
      return gatewayFailure("invalid_request", `The request body is not valid ${encoding} content.`);
  }
}

function tooLarge(found: string, maxBytes: number): Failure {
  return gatewayFailure(
    "request_too_large",
    `request body too large: ${found}; at most ${maxBytes} bytes are accepted`,
  );
}
