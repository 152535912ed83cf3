// How an account's facts change: pure steps from one set of facts to the next.

import type { Failure } from "../contract/failure.ts";
import {
  type AccountFacts,
  type Avoid,
  type Block,
  type Health,
  type Login,
  MAIN_FAMILY,
  type Reading,
} from "./account.ts";
import { strikesOf } from "./cooldown.ts";

/** A refusal is forgotten for the ladder when the account has served this long since. */
const STRIKE_MEMORY_MS = 30 * 60 * 1000;
/** Clients may ask for any model name; so many refusals are remembered beside the newest. */
const MOST_BLOCKS = 15;
const FAULT_COST = 20;
const SUCCESS_GAIN = 10;
/** An account that comes back gets one request at first; from so many at once on it counts as recovered. */
const FIRST_RAMP = 1;
const LAST_RAMP = 32;
/** However far away the announced reset is, the account gets its turn again after so long. */
const LONGEST_AVOID_MS = 6 * 60 * 60 * 1000;
/** For an upstream that says "used up" and names no time. */
const UNTIMED_AVOID_MS = 5 * 60 * 1000;
const MOST_FAMILIES = 8;

/** Faults of the request or the host leave an account exactly as it was. */
export function afterFailure(
  facts: AccountFacts,
  failure: Failure,
  occasion: { model: string | null; now: number },
): AccountFacts {
  if (failure.scope !== "account" && failure.scope !== "account_model") return facts;
  const { now } = occasion;
  const isWhole = failure.scope === "account";
  const health: Health = {
    ...facts.health,
    score: Math.max(0, facts.health.score - FAULT_COST),
    failedAt: now,
    ramp: isWhole ? FIRST_RAMP : facts.health.ramp,
  };
  const login = loginAfter(facts.login, failure, now);
  if (failure.until === undefined) return { ...facts, health, login };
  const model = failure.scope === "account_model" ? occasion.model : null;
  const strikes = strikesOf(facts, failure.code, now) + 1;
  const earlier = facts.blocks.find((other) => other.code === failure.code && other.model === model);
  // A late echo of a refusal that runs longer does not shorten it.
  const isEcho = earlier !== undefined && earlier.until > Math.max(now, failure.until);
  const until = isEcho ? earlier.until : failure.until;
  const source = isEcho ? earlier.source : failure.isUntilTold ? "told" : "guessed";
  const block: Block = { code: failure.code, since: now, until, source, model, strikes };
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
  return {
    ...facts,
    blocks: blocks.length === facts.blocks.length ? facts.blocks : blocks,
    avoid: facts.avoid !== null && facts.avoid.since < startedAt ? null : facts.avoid,
    health: {
      ...facts.health,
      score: Math.min(100, facts.health.score + SUCCESS_GAIN),
      succeededAt: now,
      ramp: rampAfterSuccess(facts.health.ramp),
    },
    login,
  };
}

function rampAfterSuccess(ramp: number | null): number | null {
  return ramp === null || ramp * 2 > LAST_RAMP ? null : ramp * 2;
}

/** The newer reading of a quota wins, whatever its source. A reading never ends a block: that takes a success. */
export function afterReading(facts: AccountFacts, reading: Reading): AccountFacts {
  if (reading.family !== MAIN_FAMILY) return afterOtherReading(facts, reading);
  const known = facts.reading;
  if (known !== null && known.at > reading.at) return facts;
  return {
    ...facts,
    avoid: announcedBy(reading),
    reading: {
      ...reading,
      // Not every source tells everything; what was not told still holds.
      plan: reading.plan ?? known?.plan ?? null,
      credits: reading.credits ?? known?.credits ?? null,
      resetCredits: reading.resetCredits ?? known?.resetCredits ?? null,
    },
  };
}

function afterOtherReading(facts: AccountFacts, reading: Reading): AccountFacts {
  const known = facts.otherReadings.find(({ family }) => family === reading.family);
  if (known !== undefined && known.at > reading.at) return facts;
  const others = facts.otherReadings.filter((other) => other !== known).slice(1 - MOST_FAMILIES);
  return { ...facts, otherReadings: [...others, reading] };
}

/** What a reading announces about the time to come; null when there is room left. */
function announcedBy({ windows, isLimitReached, source, at }: Reading): Avoid | null {
  const full = windows.filter(({ usedPercent }) => usedPercent >= 100);
  if (full.length === 0 && !isLimitReached) return null;
  const resetAt = Math.max(...full.map(({ resetsAt }) => resetsAt ?? 0), 0);
  const until = resetAt > at ? Math.min(resetAt, at + LONGEST_AVOID_MS) : at + UNTIMED_AVOID_MS;
  return { since: at, until, source };
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
