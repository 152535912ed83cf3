import { describe, expect, test } from "vitest";
import { type Availability, availability, usualTerms } from "./availability.ts";
import { account, block, blocked, HOUR, MINUTE, now, reading } from "./testing.ts";
import type { PoolAccount, Window } from "./account.ts";

const tell = (each: PoolAccount): Availability => availability(each, { ...usualTerms, now });

const fiveHours = (usedPercent: number, resetsAt = now + HOUR): Window => ({ minutes: 300, usedPercent, resetsAt });
const week = (usedPercent: number, resetsAt = now + 50 * HOUR): Window => ({ minutes: 10_080, usedPercent, resetsAt });
const read = (...windows: Window[]) => account("a", { facts: { reading: reading(windows) } });
const login = (state: "sign_in" | "no_access" | "deactivated", code: string | null = null) =>
  account("a", { facts: { login: { state, code, since: now - HOUR } } });

describe("an account is", () => {
  test.each([
    ["ready while its windows have room", read(fiveHours(10), week(79)), { state: "ready", until: null }],
    [
      "low once its fullest window nears its end, whichever that is",
      read(fiveHours(10), week(80)),
      { state: "low", windowMinutes: 10_080, until: now + 50 * HOUR },
    ],
    [
      "exhausted when a reading says so, with the window and its reset",
      read(fiveHours(100), week(10)),
      { state: "exhausted", windowMinutes: 300, until: now + HOUR },
    ],
    ["ready again once that reset has passed", read(fiveHours(100, now), week(10)), { state: "ready" }],
    ["exhausted when it was refused for its quota", blocked("a"), { state: "exhausted", until: now + HOUR }],
    [
      "cooling after a burst, until that is over",
      blocked("a", { code: "rate_limit_exceeded", until: now + MINUTE }),
      { state: "cooling", reason: "rate_limit_exceeded", until: now + MINUTE },
    ],
    [
      "in need of a sign-in, with the issuer's word",
      login("sign_in", "refresh_token_reused"),
      { state: "sign_in", reason: "refresh_token_reused" },
    ],
    ["without access although signed in", login("no_access", "workspace_denied"), { state: "no_access" }],
    ["without access when it was closed", login("deactivated"), { state: "no_access", reason: "deactivated" }],
    ["disabled by the user, whatever else holds", { ...blocked("a"), isEnabled: false }, { state: "disabled" }],
    ["unknown when nothing was ever heard of it", account("a"), { state: "unknown", since: null }],
  ])("%s", (_title, each, expected) => {
    expect(tell(each)).toMatchObject(expected);
  });

  test("exhausted while the upstream has announced it, until then", () => {
    const avoid = { since: now - MINUTE, until: now + HOUR, source: "headers" } as const;
    const each = account("a", { facts: { avoid, reading: reading([fiveHours(100)]) } });
    expect(tell(each)).toMatchObject({
      state: "exhausted",
      windowMinutes: 300,
      since: now - MINUTE,
      until: now + HOUR,
    });
  });

  test("unknown since the last word when that was too long ago, unless it has served since", () => {
    const old = reading([fiveHours(10)], { at: now - 25 * HOUR });
    expect(tell(account("a", { facts: { reading: old } }))).toMatchObject({ state: "unknown", since: now - 25 * HOUR });
    const health = { score: 100, succeededAt: now - HOUR, failedAt: null, ramp: null };
    expect(tell(account("a", { facts: { reading: old, health } }))).toMatchObject({ state: "ready" });
  });

  test("not held back as a whole by a block of one model", () => {
    const facts = { reading: reading([fiveHours(1)]), blocks: [block({ model: "m" })] };
    expect(tell(account("a", { facts }))).toMatchObject({ state: "ready" });
  });

  test("told which window a refusal was about by the time it ends", () => {
    const facts = {
      reading: reading([fiveHours(99), week(100, now + 40 * HOUR)]),
      blocks: [block({ until: now + HOUR })],
    };
    expect(tell(account("a", { facts }))).toMatchObject({ state: "exhausted", windowMinutes: 300 });
  });
});
