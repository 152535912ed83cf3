// Answers how many tokens a request has. Nothing is asked upstream.

import type { Failure } from "../contract/failure.ts";
import { asObject, parseJson } from "../kit/json-value.ts";
import type { TokenCounter } from "../kit/token-count/token-counter.ts";
import { type Countable, countableOf } from "../wire/countable.ts";
import { findKey } from "./admit.ts";
import type { Call } from "./call.ts";
import { gatewayFailure, isFailure } from "./failures.ts";
import type { KeptResponses } from "./kept/kept-responses.ts";
import { recall } from "./kept/recall.ts";
import type { KeySource } from "./ports.ts";
import { type Received, receive } from "./receive.ts";
import type { Route, Target } from "./routes.ts";

export interface CountParts {
  readonly keys: KeySource;
  readonly kept: KeptResponses;
  readonly maxBodyBytes: number;
  readonly tokenCounter: Pick<TokenCounter, "count">;
  reportBug(error: unknown, traceId: string): void;
}

/** Answers, or says with which failure to answer. */
export async function answerCount(
  call: Call,
  { target, route }: { readonly target: Target; readonly route: Route },
  parts: CountParts,
): Promise<Failure | null> {
  const key = findKey(target.key, call.request.headers, parts.keys);
  if (isFailure(key)) return key;
  call.record.keyId = key.id;
  const received = await receive({ call, target, route, maxBytes: parts.maxBodyBytes });
  if (isFailure(received)) return received;
  const { model } = route.protocol.readFields(received.body.text, target);
  call.record.clientModel = call.record.model = model;
  const recalled = await recall({ ...received, key, isNative: false }, parts.kept);
  if (isFailure(recalled)) return recalled;
  const counted = countableIn(received);
  if (isFailure(counted)) return counted;
  const { texts, others } = counted;
  try {
    answer(call, route.protocol.countAnswer?.((await parts.tokenCounter.count(texts)) + others));
    return null;
  } catch (error) {
    parts.reportBug(error, call.traceId);
    return gatewayFailure("internal_error", "The tokens could not be counted; the gateway's log says why.");
  }
}

function countableIn({ route, body, target }: Received): Countable | Failure {
  const translated = route.protocol.translate?.(body.text, target);
  if (translated === undefined) {
    const request = asObject(parseJson(body.text));
    if (request === null) return gatewayFailure("invalid_request", "The request body must be a JSON object.");
    return countableOf(request);
  }
  if (translated.ok) return countableOf(translated.translation.request);
  const { code, message, param } = translated.fault;
  return { ...gatewayFailure(code, message), param };
}

function answer({ response, traceId }: Call, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(200, {
    "content-type": "application/json",
    "content-length": body.length,
    "x-codexmanager-trace-id": traceId,
  });
  response.end(body);
}
