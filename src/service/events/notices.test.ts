import { describe, expect, test } from "vitest";

import type { NoticeItem } from "../../contract/notice.ts";
import { defaultSettings } from "../../contract/settings/table.ts";
import { VirtualClock } from "../../kit/virtual-clock.ts";
import type { PoolAccount } from "../../pool/account.ts";
import { usualTerms } from "../../pool/availability.ts";
import { accountSight, poolSight } from "../../pool/notices.ts";
import { account, now, usedUp } from "../../pool/testing.ts";
import { Notices } from "./notices.ts";

const see = (one: PoolAccount) => accountSight(one, { ...usualTerms, now });
const poolOf = (...accounts: PoolAccount[]) => poolSight(accounts.map(see), now);
const change = (before: PoolAccount, after: PoolAccount) => ({ id: after.id, before: see(before), after: see(after) });

function bench(given: Partial<typeof defaultSettings.notices> = {}) {
  let settings = { ...defaultSettings, notices: { ...defaultSettings.notices, isEnabled: true, ...given } };
  const told: NoticeItem[] = [];
  const notices = new Notices({
    clock: new VirtualClock(now),
    log: { warn() {} },
    settings: () => settings,
    onNotice: (notice) => void told.push(notice),
  });
  const set = (more: Partial<typeof defaultSettings.notices>) => {
    settings = { ...settings, notices: { ...settings.notices, ...more } };
  };
  return { notices, set, codes: () => told.splice(0).map(({ code }) => code) };
}

const [fine, spent] = [account("a"), usedUp("a")];

describe("the notices", () => {
  test("say nothing of the state in which the pool is found", () => {
    const { notices, codes } = bench();
    notices.begin(poolOf(spent));
    notices.look([], poolOf(spent));
    expect(codes()).toEqual([]);
    notices.look([change(spent, fine)], poolOf(fine));
    expect(codes()).toEqual(["window_reset", "pool_recovered"]);
  });

  test("say each thing once, and again when it happens again", () => {
    const { notices, codes } = bench();
    notices.begin(poolOf(fine));
    notices.look([change(fine, spent)], poolOf(spent));
    notices.look([], poolOf(spent));
    expect(codes()).toEqual(["pool_exhausted"]);
    notices.look([change(spent, fine)], poolOf(fine));
    notices.look([change(fine, spent)], poolOf(spent));
    expect(codes()).toEqual(["window_reset", "pool_recovered", "pool_exhausted"]);
  });

  test("are only those of the wanted kinds", () => {
    const { notices, codes } = bench({ kinds: ["window_reset"] });
    notices.begin(poolOf(spent));
    notices.look([change(spent, fine)], poolOf(fine));
    expect(codes()).toEqual(["window_reset"]);
  });

  test("that were missed while they were off are not made up for", () => {
    const { notices, set, codes } = bench({ isEnabled: false });
    notices.look([change(fine, spent)], poolOf(spent));
    set({ isEnabled: true });
    notices.look([], poolOf(spent));
    expect(codes()).toEqual([]);
  });

  test("are kept, the newest first, up to 200", () => {
    const { notices } = bench({ kinds: ["pool_exhausted", "pool_recovered"] });
    notices.begin(poolOf(fine));
    for (let round = 0; round < 101; round += 1) {
      notices.look([], poolOf(spent));
      notices.look([], poolOf(fine));
    }
    expect(notices.list()).toHaveLength(200);
    expect(
      notices
        .list()
        .slice(0, 2)
        .map(({ code }) => code),
    ).toEqual(["pool_recovered", "pool_exhausted"]);
  });
});
