// POST /backend-api/codex/responses: admits, checks, counts, answers as a stream.

import { wordOf } from "./stream/request.ts";
import type { DemoAccount } from "./account.ts";
import { admit, type Admitted } from "./admit.ts";
import type { Answer } from "./answer.ts";
import { turnState } from "./ciphertext.ts";
import type { Exchange } from "./exchange.ts";
import { limitEvent, limitHeaders, usageLimitAnswer } from "./limits.ts";
import { MODELS_ETAG } from "./models.ts";
import { answerEvents } from "./stream/events.ts";
import type { ServerEvent } from "./stream/fault.ts";
import { paceOf, writeScript } from "./stream/script.ts";
import { sendStream } from "./stream/send.ts";
import type { StreamTerms } from "./stream/turn.ts";
import { refuse } from "./strictness/refuse.ts";
import type { WorldState } from "./world-state.ts";

export async function answerTurn(exchange: Exchange, state: WorldState): Promise<void> {
  if (exchange.account) exchange.account.counts.turns += 1;
  const admitted = await admit(exchange, state, "turn");
  if (!admitted) return;
  const { account } = admitted;
  const refusal = refuseTurn(exchange, state, account);
  if (refusal) return exchange.send(refusal);
  account.spendTurn();
  await serveTurn(exchange, state, admitted, turnHeaders(exchange, account, state.clock.now()));
}

/** Streams the answer and counts how it ended. */
export async function serveTurn(
  exchange: Exchange,
  state: WorldState,
  admitted: Admitted,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const { account, fault } = admitted;
  const events = turnEvents(exchange, state, account);
  account.openTurns += 1;
  await sendStream(exchange, fault?.events?.(events, { account, now: state.clock.now() }) ?? events, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-cache", ...headers },
    paceMs: paceOf(exchange.json ?? {}) || state.style.paceMs,
    clock: state.clock,
    fault,
  });
  const closing = await exchange.closed;
  account.openTurns -= 1;
  if (closing === "finished") account.counts.served += 1;
  if (closing === "client") account.counts.aborted += 1;
}

export function turnEvents(exchange: Exchange, state: WorldState, account: DemoAccount): Iterable<ServerEvent> {
  return answerEvents(writeScript(exchange.json ?? {}), streamTerms(exchange, state, account));
}

function refuseTurn(exchange: Exchange, state: WorldState, account: DemoAccount): Answer | null {
  const refusal = refuse(exchange, { account, strictness: state.strictness, operation: "turn" });
  if (refusal) return refusal;
  return account.exhaustedUntil() === null ? null : usageLimitAnswer(account, state.clock.now());
}

function streamTerms(exchange: Exchange, state: WorldState, account: DemoAccount): StreamTerms {
  const model = wordOf(exchange.json?.["model"]);
  const inputTokens = Math.ceil(exchange.body.length / 4);
  const cacheKey = exchange.json?.["prompt_cache_key"];
  const { rateLimitsEvent, isFinalOutputEmpty } = state.style;
  return {
    responseId: `resp_demo${exchange.serial}`,
    owner: account.accountId,
    serial: exchange.serial,
    model,
    now: state.clock.now(),
    inputTokens,
    cachedTokens: typeof cacheKey === "string" ? account.promptCache.hit(`${model} ${cacheKey}`, inputTokens) : 0,
    isFinalOutputEmpty,
    limits: rateLimitsEvent === "never" ? null : { event: limitEvent(account), place: rateLimitsEvent },
  };
}

function turnHeaders(exchange: Exchange, account: DemoAccount, now: number): Record<string, string> {
  return {
    "openai-model": wordOf(exchange.json?.["model"]),
    "x-models-etag": MODELS_ETAG,
    "x-codex-turn-state": turnState(account.accountId, exchange.serial),
    "x-reasoning-included": "true",
    "x-request-id": exchange.requestId,
    ...limitHeaders(account, now),
  };
}
