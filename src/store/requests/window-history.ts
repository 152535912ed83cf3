// What readings of many accounts said about their windows, as plain numbers: cheap to send to another thread.

import type { DatabaseSync } from "node:sqlite";
import { MAIN_FAMILY, type Reading } from "../../pool/account.ts";
import type { HistoryQuery } from "./messages.ts";

/** Numbers of one point: place of the account in the query, epoch ms, length of the window, percent used, reset. */
export const historyColumns = 5;

/** One account after the other, each from its newest reading on. A reset that is not known is NaN. */
export function windowHistory(
  database: DatabaseSync,
  { accountIds, since, perAccount }: HistoryQuery,
): Float64Array<ArrayBuffer> {
  const select = database.prepare(
    "select at, reading from readings where account_id = ? and at >= ? order by id desc limit ?",
  );
  const points: number[] = [];
  for (const [place, accountId] of accountIds.entries()) {
    for (const { at, reading } of select.all(accountId, since, perAccount)) {
      const { family, windows } = JSON.parse(String(reading)) as Partial<Reading>;
      if ((family ?? MAIN_FAMILY) !== MAIN_FAMILY) continue;
      for (const { minutes, usedPercent, resetsAt } of windows ?? []) {
        points.push(place, Number(at), minutes, usedPercent, resetsAt ?? Number.NaN);
      }
    }
  }
  return Float64Array.from(points);
}
