// What was used, over RPC.

import type { ParamsOf, ResultOf } from "../../contract/rpc/table.ts";
import type { UsageQuery, UsageSummary } from "../../store/requests/messages.ts";
import type { Handlers } from "../handler.ts";
import { done, failed, toSeconds } from "../handler.ts";
import { rangeOf } from "./request-log.ts";
import type { RequestLogDeps } from "./request-log.ts";

/** What a price is made of, USD per million tokens. */
interface Price {
  readonly input: number;
  readonly cachedInput?: number | undefined;
  readonly output: number;
}

/** The prices in force and where they come from. */
export interface PriceSource {
  readonly path: string;
  readonly problem: string | null;
  readonly current: {
    readonly items: readonly { readonly model: string; readonly isOwn: boolean; readonly price: Price }[];
  };
  load(): Promise<void>;
}

export interface UsageSummaryDeps extends RequestLogDeps {
  readonly prices: PriceSource;
  /** Date of the built-in prices. */
  readonly pricesAsOf: string;
}

type Method = "requestlog/summary" | "requestlog/today_summary" | "usage/summary" | "usage/prices";
type Item = ResultOf<"usage/summary">["items"][number];

const microUsd = 1_000_000;
const usualDays = 30;
/** Hours are summed from quarters, of which a long time has very many. */
const mostDaysByHour = 7;
const dayMs = 24 * 60 * 60_000;
const usualLimit = 1000;

export function usageSummaryHandlers({ requests, clock, prices, pricesAsOf }: UsageSummaryDeps): Handlers<Method> {
  const total = (query: Omit<UsageQuery, "by" | "limit">) => requests.usage({ ...query, by: null, limit: 1 });
  return {
    "requestlog/summary": async (params) => {
      const { since, until } = rangeOf(params);
      const range = { since: since ?? 0, until: until ?? localMidnight(clock.now(), 1) };
      return done((await total({ ...params, ...range })).total);
    },
    "requestlog/today_summary": async () => {
      const range = { since: localMidnight(clock.now(), 0), until: localMidnight(clock.now(), 1) };
      const { inputTokens, cachedInputTokens, outputTokens, reasoningOutputTokens, costMicroUsd } = (await total(range))
        .total;
      return done({
        inputTokens,
        cachedInputTokens,
        outputTokens,
        reasoningOutputTokens,
        todayTokens: Math.max(0, inputTokens - cachedInputTokens) + outputTokens,
        estimatedCost: costMicroUsd / microUsd,
      });
    },
    "usage/summary": async (params) => {
      const query = usageQuery(params, clock.now());
      if (query.by === "hour" && query.until - query.since > mostDaysByHour * dayMs) {
        return failed(`by hour, a range may have ${mostDaysByHour} days at most`);
      }
      const summary = await requests.usage(query);
      return done({
        since: toSeconds(query.since),
        until: toSeconds(query.until),
        total: summary.total,
        items: summary.groups.map(toItem),
      });
    },
    "usage/prices": async () => {
      await prices.load();
      const items = prices.current.items.map(({ model, isOwn, price }) => ({ model, isOwn, ...inMicroUsd(price) }));
      return done({ asOf: pricesAsOf, overridePath: prices.path, problem: prices.problem, items });
    },
  };
}

function usageQuery({ by, limit, ...params }: ParamsOf<"usage/summary">, now: number): UsageQuery {
  const { since, until } = rangeOf(params);
  return {
    ...params,
    since: since ?? localMidnight(now, by === "hour" ? 0 : 1 - usualDays),
    until: until ?? localMidnight(now, 1),
    by: by ?? "day",
    limit: limit ?? usualLimit,
  };
}

/** Epoch ms of the midnight that began the local day, or one so many days later. */
function localMidnight(now: number, days: number): number {
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days).getTime();
}

function toItem({ name, ...sums }: UsageSummary["groups"][number]): Item {
  if (typeof name === "number") return { name: null, startAt: toSeconds(name), ...sums };
  return { name: name === "" ? null : name, startAt: null, ...sums };
}

function inMicroUsd({ input, cachedInput = input, output }: Price) {
  const whole = (usd: number) => Math.round(usd * microUsd);
  return { input: whole(input), cachedInput: whole(cachedInput), output: whole(output) };
}
