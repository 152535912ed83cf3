// Answers how many tokens a request has. Nothing is asked upstream.

import type { Failure } from "../contract/failure.ts";
import { TokenCounter } from "../kit/token-count.ts";
import { countableOf } from "../wire/countable.ts";
import { findKey } from "./admit.ts";
import type { Call } from "./call.ts";
import { gatewayFailure, isFailure } from "./failures.ts";
import type { KeySource } from "./ports.ts";
import { receive } from "./receive.ts";
import type { Route, Target } from "./routes.ts";

export interface CountParts {
  readonly keys: KeySource;
  readonly maxBodyBytes: number;
}

const counter = new TokenCounter();

/** Answers, or says with which failure to answer. */
export async function answerCount(
  call: Call,
  { target, route }: { readonly target: Target; readonly route: Route },
  { keys, maxBodyBytes: maxBytes }: CountParts,
): Promise<Failure | null> {
  const { protocol } = route;
  const key = findKey(target.key, call.request.headers, keys);
  if (isFailure(key)) return key;
  call.record.keyId = key.id;
  const received = await receive({ call, target, route, maxBytes });
  if (isFailure(received)) return received;
  call.record.clientModel = protocol.readFields(received.body.text, target).model;
  const translated = protocol.translate?.(received.body.text, target);
  if (translated === undefined || protocol.countAnswer === null) {
    return gatewayFailure("not_found", `There is nothing at ${target.path}.`);
  }
  if (!translated.ok) return gatewayFailure(translated.fault.code, translated.fault.message);
  const { texts, others } = countableOf(translated.translation.request);
  const answer = protocol.countAnswer((await counter.count(texts)) + others);
  const body = Buffer.from(JSON.stringify(answer));
  const headers = { "content-type": "application/json", "content-length": body.length };
  call.response.writeHead(200, { ...headers, "x-codexmanager-trace-id": call.traceId });
  call.response.end(body);
  return null;
}
