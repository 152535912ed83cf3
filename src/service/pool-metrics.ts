// What /metrics tells of the pool: computed from the accounts as they are when somebody asks.

import { accountStates } from "../contract/reasons.ts";
import type { PoolAccount } from "../pool/account.ts";
import { availability, currentWindows, usualTerms } from "../pool/availability.ts";
import { type Metric, metricText } from "./metric-text.ts";

const PREFIX = "codexmanager_pool_";

/** `now` is epoch ms. */
export function poolMetrics(accounts: readonly PoolAccount[], now: number): string {
  return [accountsByState(accounts, now), ...windowGauges(accounts, now)].map(metricText).join("");
}

function accountsByState(accounts: readonly PoolAccount[], now: number): Metric {
  const counts = new Map(accountStates.map((state) => [state, 0]));
  const terms = { ...usualTerms, now };
  for (const account of accounts) {
    const { state } = availability(account, terms);
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const samples = [...counts].map(([state, value]) => ({ labels: { state }, value }));
  return { name: `${PREFIX}accounts`, help: "Accounts by how they are doing", type: "gauge", samples };
}

function windowGauges(accounts: readonly PoolAccount[], now: number): Metric[] {
  const windows = accounts
    .filter(({ isEnabled }) => isEnabled)
    .flatMap(({ facts }) => currentWindows(facts.reading, now));
  const byLength = [...Map.groupBy(windows, ({ minutes }) => minutes)].toSorted(([left], [right]) => left - right);
  const ratios = byLength.map(([window_minutes, group]) => {
    const left = group.reduce((sum, { usedPercent }) => sum + Math.max(0, 100 - usedPercent), 0);
    return { labels: { window_minutes }, value: left / group.length / 100 };
  });
  const resets = windows.flatMap(({ resetsAt }) => (resetsAt !== null && resetsAt > now ? [resetsAt] : []));
  const first = resets.reduce((earliest, at) => Math.min(earliest, at), Number.POSITIVE_INFINITY);
  const reset = first < Number.POSITIVE_INFINITY ? [{ value: Math.floor(first / 1000) }] : [];
  return [
    {
      name: `${PREFIX}remaining_ratio`,
      help: "Quota left, on average over the enabled accounts with a reading",
      type: "gauge",
      samples: ratios,
    },
    {
      name: `${PREFIX}next_reset_timestamp_seconds`,
      help: "When the first quota window of an enabled account is reset",
      type: "gauge",
      samples: reset,
    },
  ];
}
