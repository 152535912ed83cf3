// POST /backend-api/codex/responses: admits, checks, counts, answers as a stream.

import type { DemoAccount } from "./account.ts";
import { admit } from "./admit.ts";
import type { Answer } from "./answer.ts";
import { turnState } from "./ciphertext.ts";
import type { Exchange } from "./exchange.ts";
import { limitEvent, limitHeaders, usageLimitAnswer } from "./limits.ts";
import { MODELS_ETAG } from "./models.ts";
import { answerEvents } from "./stream/events.ts";
import type { StreamFault } from "./stream/fault.ts";
import { writeScript } from "./stream/script.ts";
import { sendStream } from "./stream/send.ts";
import type { StreamTerms } from "./stream/turn.ts";
import { refuse } from "./strictness/refuse.ts";
import type { WorldState } from "./world-state.ts";

export async function answerTurn(exchange: Exchange, state: WorldState): Promise<void> {
  if (exchange.account) exchange.account.counts.turns += 1;
  const admitted = await admit(exchange, state, "turn");
  if (!admitted) return;
  const { account, fault } = admitted;
  const refusal = refuseTurn(exchange, state, account);
  if (refusal) return exchange.send(refusal);
  account.spendTurn();
  account.openTurns += 1;
  const isServed = await stream(exchange, state, { account, fault });
  account.openTurns -= 1;
  if (isServed && (await exchange.closed) === "finished") account.counts.served += 1;
  else if (exchange.closing === "client") account.counts.aborted += 1;
}

function refuseTurn(exchange: Exchange, state: WorldState, account: DemoAccount): Answer | null {
  const refusal = refuse(exchange, { account, strictness: state.strictness, operation: "turn" });
  if (refusal) return refusal;
  return account.exhaustedUntil() === null ? null : usageLimitAnswer(account, state.clock.now());
}

async function stream(
  exchange: Exchange,
  state: WorldState,
  admitted: { account: DemoAccount; fault: StreamFault | null },
): Promise<boolean> {
  const { account, fault } = admitted;
  const body = exchange.json ?? {};
  const now = state.clock.now();
  const script = writeScript(body);
  const events = answerEvents(script, streamTerms(exchange, state, account));
  return sendStream(exchange, fault?.events?.(events, { account, now }) ?? events, {
    headers: turnHeaders(exchange, account, now),
    paceMs: script.paceMs || state.style.paceMs,
    clock: state.clock,
    fault,
  });
}

function streamTerms(exchange: Exchange, state: WorldState, account: DemoAccount): StreamTerms {
  const model = String(exchange.json?.["model"]);
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
    "content-type": "text/event-stream",
    "cache-control": "no-cache",
    "openai-model": String(exchange.json?.["model"]),
    "x-models-etag": MODELS_ETAG,
    "x-codex-turn-state": turnState(account.accountId, exchange.serial),
    "x-reasoning-included": "true",
    "x-request-id": exchange.requestId,
    ...limitHeaders(account, now),
  };
}
