// Reads what a forecast is made from: the accounts as they are, and their newest readings out of the history. Works in
// slices, so that a pool of any size holds up nobody.

import type { Clock } from "../kit/clock.ts";
import type { PoolAccount } from "../pool/account.ts";
import { usualTerms } from "../pool/availability.ts";
import type { RequestLog } from "../store/requests/request-log.ts";
import { historyColumns } from "../store/requests/window-history.ts";
import { type AccountForecast, accountForecast, type Point } from "./forecast.ts";
import { capacityReturnsAt, firstToRunDry, poolForecast, type PoolWindow } from "./pool-forecast.ts";

export interface Forecast {
  /** Epoch ms, like all times here. */
  readonly at: number;
  readonly pool: readonly PoolWindow[];
  readonly capacityReturnsAt: number | null;
  /** Those asked for, else the first to run dry. */
  readonly accounts: readonly AccountForecast[];
}

export interface ForecastOptions {
  readonly source: { list(): readonly PoolAccount[] };
  readonly history: Pick<RequestLog, "history">;
  readonly clock: Clock;
}

export interface ForecastQuestion {
  /** Null for the first to run dry. */
  readonly accountIds: readonly string[] | null;
  readonly limit: number;
}

const DAY_MS = 24 * 60 * 60_000;
const READINGS_OF_EACH = 12;
const ACCOUNTS_AT_ONCE = 500;

export async function readForecast(question: ForecastQuestion, options: ForecastOptions): Promise<Forecast> {
  const { source, clock } = options;
  const now = clock.now();
  const all: AccountForecast[] = [];
  const accounts = source.list();
  for (let at = 0; at < accounts.length; at += ACCOUNTS_AT_ONCE) {
    all.push(...(await forecastsOf(accounts.slice(at, at + ACCOUNTS_AT_ONCE), options.history, now)));
  }
  const wanted = question.accountIds === null ? null : new Set(question.accountIds);
  return {
    at: now,
    pool: poolForecast(all, now),
    capacityReturnsAt: capacityReturnsAt(all, now),
    accounts:
      wanted === null ? firstToRunDry(all, question.limit) : all.filter(({ account }) => wanted.has(account.id)),
  };
}

async function forecastsOf(
  accounts: readonly PoolAccount[],
  history: ForecastOptions["history"],
  now: number,
): Promise<AccountForecast[]> {
  const accountIds = accounts.map(({ id }) => id);
  const rows = await history.history({ accountIds, since: now - DAY_MS, perAccount: READINGS_OF_EACH });
  const points = accounts.map((): Point[] => []);
  for (let at = 0; at < rows.length; at += historyColumns) {
    const [place = 0, ...point] = rows.subarray(at, at + historyColumns);
    points[place]?.push(toPoint(point));
  }
  const terms = { ...usualTerms, now };
  return accounts.map((account, place) => accountForecast(account, points[place] ?? [], terms));
}

function toPoint([at = 0, minutes = 0, usedPercent = 0, resetsAt = Number.NaN]: readonly number[]): Point {
  return { at, minutes, usedPercent, resetsAt: Number.isNaN(resetsAt) ? null : resetsAt };
}
