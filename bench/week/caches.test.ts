import { expect, test } from "vitest";

import { Caches } from "./caches.ts";
import { MINUTE, weekStartsAt as now } from "./time.ts";

test("an account has the conversation cached that it served some minutes ago, and no other account has", () => {
  const caches = new Caches();
  caches.keep(1, 7, 5000, now);
  expect(caches.tokens(1, 7, now + 9 * MINUTE)).toBe(5000);
  expect(caches.tokens(1, 8, now + 9 * MINUTE)).toBe(0);
  expect(caches.tokens(2, 7, now + 9 * MINUTE)).toBe(0);
});

test("a cache is gone when it has not been used for too long", () => {
  const caches = new Caches();
  caches.keep(1, 7, 5000, now);
  expect(caches.tokens(1, 7, now + 11 * MINUTE)).toBe(0);
});

test("a conversation that comes back in time finds what its old account still has", () => {
  const caches = new Caches();
  caches.keep(1, 7, 5000, now);
  caches.keep(1, 8, 6000, now + 2 * MINUTE);
  expect(caches.tokens(1, 7, now + 4 * MINUTE)).toBe(5000);
});
