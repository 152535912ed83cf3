import { expect, test } from "vitest";
import type { Ask } from "./candidates.ts";
import { waitForOwnMs } from "./own-account.ts";
import type { Pool } from "./pool.ts";
import { account, ask, blocked, HOUR, now, pool, SECOND } from "./testing.ts";

const bound = { boundAccountId: "a" };
const wait = (accounts: Pool, more: Partial<Ask> = bound) => waitForOwnMs(accounts, ask(more), 10 * SECOND, now);
const soonBack = pool([blocked("a", { until: now + 3 * SECOND }), account("b")]);

test("a conversation waits for a block that is nearly over, and not for one that is not", () => {
  expect(wait(soonBack)).toBe(3 * SECOND);
  expect(wait(pool([blocked("a", { until: now + HOUR })]))).toBe(0);
});

test("a conversation waits for a place as long as it may", () => {
  expect(wait(pool([account("a"), account("b")], ["a"]))).toBe(10 * SECOND);
});

test("nobody waits for an account that serves, is gone, or is not the conversation's own", () => {
  expect(wait(pool([account("a")]))).toBe(0);
  expect(wait(soonBack, { boundAccountId: "gone" })).toBe(0);
  expect(wait(soonBack, { ...bound, boundReason: "parent" })).toBe(0);
  expect(wait(soonBack, { ...bound, manualAccountId: "b" })).toBe(0);
  expect(waitForOwnMs(soonBack, ask(bound), 0, now)).toBe(0);
});
