// How an account's facts change: pure steps from one set of facts to the next.

import type { Failure } from "../contract/failure.ts";
import type { AccountFacts, Block, Health, Login, Reading } from "./account.ts";
import { strikesOf } from "./cooldown.ts";

/** A refusal is forgotten for the ladder when the account has served this long since. */
const STRIKE_MEMORY_MS = 30 * 60 * 1000;
/** Clients may ask for any model name; so many refusals are remembered beside the newest. */
const MOST_BLOCKS = 15;
const FAULT_COST = 20;
const SUCCESS_GAIN = 10;

/** Faults of the request or the host leave an account exactly as it was. */
export function afterFailure(
  facts: AccountFacts,
  failure: Failure,
  occasion: { model: string | null; now: number },
): AccountFacts {
  if (failure.scope !== "account" && failure.scope !== "account_model") return facts;
  const { now } = occasion;
  const health: Health = { ...facts.health, score: Math.max(0, facts.health.score - FAULT_COST), failedAt: now };
  const login = loginAfter(facts.login, failure, now);
  if (failure.until === undefined) return { ...facts, health, login };
  const model = failure.scope === "account_model" ? occasion.model : null;
  const strikes = strikesOf(facts, failure.code, now) + 1;
  const earlier = facts.blocks.find((other) => other.code === failure.code && other.model === model);
  // A late echo of a refusal that runs longer does not shorten it.
  const until = earlier !== undefined && earlier.until > now ? Math.max(earlier.until, failure.until) : failure.until;
  const block: Block = { code: failure.code, since: now, until, source: "told", model, strikes };
  const others = facts.blocks.filter((other) => other !== earlier).slice(-MOST_BLOCKS);
  return { ...facts, health, login, blocks: [...others.filter((other) => isRemembered(other, now)), block] };
}

/** A success lifts what was refused before the served attempt began, never a refusal that is newer. */
export function afterSuccess(
  facts: AccountFacts,
  occasion: { model: string | null; startedAt: number; now: number },
): AccountFacts {
  const { model, startedAt, now } = occasion;
  const blocks = facts.blocks.filter(
    (block) => block.since >= startedAt || (block.model !== null && block.model !== model),
  );
  const login: Login =
    facts.login.state === "ok" || facts.login.since >= startedAt
      ? facts.login
      : { state: "ok", code: null, since: now };
  const health: Health = { ...facts.health, score: Math.min(100, facts.health.score + SUCCESS_GAIN), succeededAt: now };
  return { ...facts, blocks: blocks.length === facts.blocks.length ? facts.blocks : blocks, health, login };
}

/** The newer reading wins, whatever its source. */
export function afterReading(facts: AccountFacts, reading: Reading): AccountFacts {
  return facts.reading !== null && facts.reading.at > reading.at ? facts : { ...facts, reading };
}

/** New credentials were stored: what was said about the old ones no longer holds. */
export function afterSignIn(facts: AccountFacts, now: number): AccountFacts {
  const blocks = facts.blocks.filter((block) => block.code !== "token_invalidated" && block.code !== "access_denied");
  return { ...facts, blocks, login: { state: "ok", code: null, since: now } };
}

function isRemembered(block: Block, now: number): boolean {
  return block.until + STRIKE_MEMORY_MS > now;
}

/** Whoever renews tokens has already written down a final refusal, and knows it better. */
function loginAfter(login: Login, failure: Failure, now: number): Login {
  switch (failure.code) {
    case "sign_in_required":
      return login.state === "sign_in" ? login : { state: "sign_in", code: failure.code, since: now };
    case "account_deactivated":
      return { state: "deactivated", code: failure.code, since: now };
    case "workspace_denied":
      return login.state === "no_access" ? login : { state: "no_access", code: failure.code, since: now };
    default:
      return login;
  }
}
