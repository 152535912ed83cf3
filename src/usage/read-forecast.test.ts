import { expect, test } from "vitest";
import { VirtualClock } from "../kit/virtual-clock.ts";
import { account, HOUR, MINUTE, now, reading } from "../pool/testing.ts";
import { readForecast } from "./read-forecast.ts";

const resetsAt = now + 4 * HOUR;

test("a large pool is read in slices, and tells the accounts asked for or those that run dry first", async () => {
  const window = { minutes: 300, usedPercent: 60, resetsAt };
  const accounts = Array.from({ length: 1200 }, (_, index) =>
    account(`a${index}`, { facts: { reading: reading([window]) } }),
  );
  const slices: number[] = [];
  const history = {
    async history({ accountIds }: { readonly accountIds: readonly string[] }) {
      slices.push(accountIds.length);
      const place = accountIds.indexOf("a700");
      const row = (ago: number, used: number) => [place, now - ago * MINUTE, 300, used, resetsAt];
      return Float64Array.from(place < 0 ? [] : [...row(30, 40), ...row(60, 20)]);
    },
  };
  const options = { source: { list: () => accounts }, history, clock: new VirtualClock(now) };
  const told = await readForecast({ accountIds: null, limit: 50 }, options);
  expect(slices).toEqual([500, 500, 200]);
  expect(told.accounts.map((each) => each.account.id)).toEqual(["a700"]);
  expect(told.accounts[0]?.windows[0]).toMatchObject({ ratePerHour: 40, readings: 3, runsDryAt: now + HOUR });
  expect(told.pool).toMatchObject([{ accounts: 1200, measuredAccounts: 1 }]);
  const asked = await readForecast({ accountIds: ["a3", "nobody"], limit: 50 }, options);
  expect(asked.accounts.map((each) => each.account.id)).toEqual(["a3"]);
});
