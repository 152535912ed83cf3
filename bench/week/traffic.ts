// What the clients of a week ask: conversations that come in bursts over working days, each a row of turns in which a
// growing context is sent again and again. The same for every rule.

import { between, exponential, geometric, lognormal, type Random, seeded } from "./random.ts";
import { DAY, HOUR, MINUTE, SECOND, WEEK, weekStartsAt } from "./time.ts";

/** One request of a conversation; tokens as the upstream counts them. */
export interface Turn {
  readonly at: number;
  readonly conversation: number;
  /** Tokens of the context that an earlier turn of the conversation has left in the cache of the account that served it. */
  readonly repeated: number;
  /** All input tokens. */
  readonly input: number;
  readonly output: number;
  readonly tookMs: number;
  /** Repeated tokens that are cached still if the conversation never left its account. */
  readonly cachedAtBest: number;
}

/** A prompt is cached for so long after its last use. */
export const CACHED_FOR = 10 * MINUTE;
const TOKENS_PER_CREDIT = 20_000;
/** Against an input token that is not cached; list prices of the model family have this ratio. */
const CACHED_PRICE = 0.1;
const OUTPUT_PRICE = 8;

export function creditsOf({ input, output }: Turn, cached: number): number {
  return (input - cached + CACHED_PRICE * cached + OUTPUT_PRICE * output) / TOKENS_PER_CREDIT;
}

/** Share of the day's rush, by hour. */
const HOURS = [
  0.06, 0.05, 0.04, 0.04, 0.04, 0.05, 0.08, 0.2, 0.5, 0.95, 1, 1, 0.6, 0.85, 1, 1, 0.95, 0.7, 0.4, 0.3, 0.25, 0.2, 0.15,
  0.1,
];
const WEEKEND_SHARE = 0.2;
const FULL_CONTEXT = 200_000;
const RUSHES_A_DAY = 3;

function rush(at: number): number {
  const sinceStart = at - weekStartsAt;
  const share = HOURS[Math.floor((sinceStart % DAY) / HOUR)] ?? 0;
  return Math.floor(sinceStart / DAY) >= 5 ? share * WEEKEND_SHARE : share;
}

/** In order of time. At the rush hours of a day the turns cost about `creditsPerHour` in all if every prompt is cached. */
export function makeTraffic(seed: number, creditsPerHour: number): readonly Turn[] {
  const random = seeded(seed);
  const perHour = creditsPerHour / meanCost(seeded(seed + 1));
  const turns: Turn[] = [];
  let conversation = 0;
  for (const at of startsOf(random, perHour)) {
    conversation += 1;
    addConversation(turns, conversation, at, random);
  }
  const ending = weekStartsAt + WEEK;
  return turns.filter(({ at }) => at < ending).sort((left, right) => left.at - right.at);
}

function meanCost(random: Random): number {
  const turns: Turn[] = [];
  const count = 500;
  for (let each = 0; each < count; each += 1) addConversation(turns, each, weekStartsAt, random);
  return turns.reduce((sum, turn) => sum + creditsOf(turn, turn.cachedAtBest), 0) / count;
}

/** Most conversations come one by one; a few times a working day a whole batch of them starts within two minutes. */
function startsOf(random: Random, perHour: number): number[] {
  const starts: number[] = [];
  const single = perHour * 0.85;
  for (let at = weekStartsAt; at < weekStartsAt + WEEK; at += exponential(random, HOUR / single)) {
    if (random() < rush(at)) starts.push(at);
  }
  const batch = (perHour * 0.15 * 10) / RUSHES_A_DAY;
  for (let day = 0; day < 5; day += 1) {
    for (let each = 0; each < RUSHES_A_DAY; each += 1) {
      const at = weekStartsAt + day * DAY + between(random, 9 * HOUR, 17 * HOUR);
      const size = Math.round(batch * between(random, 0.5, 1.5));
      for (let one = 0; one < size; one += 1) starts.push(at + between(random, 0, 2 * MINUTE));
    }
  }
  return starts;
}

/** A person asks a few times; each time the client sends a row of requests, one per step of the work. */
function addConversation(turns: Turn[], conversation: number, startsAt: number, random: Random): void {
  let at = startsAt;
  let context = lognormal(random, 14_000, 0.3);
  let repeated = 0;
  let lastEnd = Number.NEGATIVE_INFINITY;
  const asks = geometric(random, 5);
  for (let ask = 0; ask < asks; ask += 1) {
    const steps = geometric(random, 9);
    for (let step = 0; step < steps; step += 1) {
      const input = Math.round(context + lognormal(random, step === 0 ? 600 : 1800, 0.8));
      const output = Math.round(lognormal(random, 350, 0.9));
      const tookMs = 1500 + output * 18;
      const isCached = at - lastEnd <= CACHED_FOR;
      turns.push({ at, conversation, repeated, input, output, tookMs, cachedAtBest: isCached ? repeated : 0 });
      context = input + output;
      repeated = context;
      if (context > FULL_CONTEXT) {
        // The client compacts: the new context begins with a summary that nothing has in its cache.
        context = 20_000;
        repeated = 0;
      }
      lastEnd = at + tookMs;
      at = lastEnd + lognormal(random, 2 * SECOND, 0.9);
    }
    at += random() < 0.12 ? between(random, 20 * MINUTE, 2 * HOUR) : lognormal(random, 2.5 * MINUTE, 0.8);
  }
}
