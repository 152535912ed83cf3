// The pool as a whole over RPC.

import type { poolMethods } from "../../contract/rpc/areas/pool.ts";
import type { ResultOf } from "../../contract/rpc/table.ts";
import type { AccountForecast, WindowForecast } from "../../usage/forecast.ts";
import type { PoolWindow } from "../../usage/pool-forecast.ts";
import type { Forecast, ForecastQuestion } from "../../usage/read-forecast.ts";
import type { Handlers } from "../handler.ts";
import { done, toSeconds } from "../handler.ts";

export interface PoolDeps {
  readonly forecast: (question: ForecastQuestion) => Promise<Forecast>;
}

type Result = ResultOf<"pool/forecast">;

const TOLD_ACCOUNTS = 50;

export function poolHandlers({ forecast }: PoolDeps): Handlers<keyof typeof poolMethods> {
  return {
    "pool/forecast": async ({ accountIds, limit }) => {
      const told = await forecast({ accountIds: accountIds ?? null, limit: limit ?? TOLD_ACCOUNTS });
      return done({
        at: toSeconds(told.at),
        pool: told.pool.map(poolItem),
        capacityReturnsAt: toSeconds(told.capacityReturnsAt),
        accounts: told.accounts.map(accountItem),
      });
    },
  };
}

function poolItem({ minutes, runsDryAt, nextResetAt, ...window }: PoolWindow): Result["pool"][number] {
  return {
    windowMinutes: minutes,
    ...window,
    runsDryAt: toSeconds(runsDryAt),
    nextResetAt: toSeconds(nextResetAt),
  };
}

function accountItem({ account, availability, windows }: AccountForecast): Result["accounts"][number] {
  const { state, until } = availability;
  return {
    accountId: account.id,
    label: account.label,
    state,
    until: toSeconds(until),
    windows: windows.map(windowItem),
  };
}

function windowItem({ minutes, resetsAt, runsDryAt, from, to, ...window }: WindowForecast) {
  return {
    windowMinutes: minutes,
    ...window,
    resetsAt: toSeconds(resetsAt),
    runsDryAt: toSeconds(runsDryAt),
    from: toSeconds(from),
    to: toSeconds(to),
  };
}
