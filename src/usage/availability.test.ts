import { expect, test } from "vitest";
import { freshFacts } from "../pool/account.ts";
import type { AccountFacts, Window } from "../pool/account.ts";
import { account, block as blockOf, reading } from "../pool/testing.ts";
import { usualTerms } from "../pool/availability.ts";
import { availabilityStatus, usageSnapshot } from "./availability.ts";

const now = 1_000_000;
const terms = { ...usualTerms, now };
const availability = (facts: AccountFacts, at: number) =>
  availabilityStatus(account("a", { facts }), { ...terms, now: at });
const fiveHours = (usedPercent: number, resetsAt: number | null = now + 1): Window => ({
  minutes: 300,
  usedPercent,
  resetsAt,
});
const week = (usedPercent: number): Window => ({ minutes: 10_080, usedPercent, resetsAt: now + 2 });

function factsWith(...windows: Window[]): AccountFacts {
  return { ...freshFacts, reading: reading(windows, { source: "poll", at: 5 }) };
}

test.each([
  ["unknown", freshFacts],
  ["unknown", factsWith()],
  ["available", factsWith(week(99), fiveHours(99))],
  ["primary_window_available_only", factsWith(week(50))],
  ["unavailable", factsWith(fiveHours(100), week(1))],
  ["unavailable", factsWith(fiveHours(1), week(100))],
  ["available", factsWith(fiveHours(100, now), week(1))],
  ["unavailable", { ...factsWith(fiveHours(1), week(1)), login: { state: "sign_in", code: null, since: 0 } }],
] as [string, AccountFacts][])("%s", (word, facts) => {
  expect(availability(facts, now)).toBe(word);
});

test("a block of the whole account makes it unavailable until it ends, a block of one model does not", () => {
  const block = blockOf({ since: 0, until: now + 1 });
  const facts = { ...factsWith(fiveHours(1), week(1)), blocks: [block] };
  expect(availability(facts, now)).toBe("unavailable");
  expect(availability(facts, now + 1)).toBe("available");
  expect(availability({ ...facts, blocks: [{ ...block, model: "gpt-5" }] }, now)).toBe("available");
});

test("the shortest window is the primary one, whatever order they came in", () => {
  expect(usageSnapshot(account("a"), terms)).toBeNull();
  expect(usageSnapshot(account("a", { facts: factsWith(week(20), fiveHours(10)) }), terms)).toMatchObject({
    accountId: "a",
    availabilityStatus: "available",
    usedPercent: 10,
    windowMinutes: 300,
    secondaryUsedPercent: 20,
    secondaryWindowMinutes: 10_080,
    capturedAt: 5,
  });
});
