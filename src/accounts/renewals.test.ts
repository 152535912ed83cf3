import { expect, test } from "vitest";
import { VirtualClock } from "../kit/virtual-clock.ts";
import { createRenewals } from "./renewals.ts";

function bench() {
  const clock = new VirtualClock();
  let asked = 0;
  const rotation = {
    rotate: async () => {
      asked += 1;
      return { kind: "unreachable", message: "no answer" } as const;
    },
  };
  return { clock, rotation, renewals: createRenewals(rotation, clock), asked: () => asked };
}

test("after a renewal that failed on its way the issuer is left alone for ten seconds", async () => {
  const { clock, renewals, asked } = bench();
  await renewals.rotate("a", 1);
  clock.advance(9_999);
  await renewals.rotate("a", 1);
  expect(asked()).toBe(1);
  clock.advance(1);
  await renewals.rotate("a", 1);
  expect(asked()).toBe(2);
});

test("and no longer when the clock is set back", async () => {
  const { clock, rotation, asked } = bench();
  let backMs = 0;
  const changed = { now: () => clock.now() - backMs, timer: clock.timer.bind(clock) };
  const renewals = createRenewals(rotation, changed);
  await renewals.rotate("a", 1);
  backMs = 3_600_000;
  await renewals.rotate("a", 1);
  expect(asked()).toBe(2);
});
