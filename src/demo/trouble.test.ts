import { expect, test } from "vitest";
import type { Fault } from "./faults.ts";
import { troubleMaker } from "./trouble.ts";

test("every fifth request is followed by the next kind of trouble, and all kinds come round", () => {
  const met: Fault[] = [];
  const trouble = troubleMaker({ fail: (fault) => void met.push(fault) });
  for (let request = 0; request < 4; request += 1) trouble();
  expect(met).toEqual([]);
  for (let request = 0; request < 31; request += 1) trouble();
  expect(new Set(met.map(({ name }) => name)).size).toBe(6);
  expect(met[6]?.name).toBe(met[0]?.name);
});
