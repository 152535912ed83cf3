import { expect, test } from "vitest";
import { fittingEffort } from "./fitting-effort.ts";

const classic = ["low", "medium", "high", "xhigh"];

test.each([
  ["high", classic, "high"],
  ["max", classic, "xhigh"],
  ["none", classic, "low"],
  ["minimal", classic, "low"],
  ["max", [], "max"],
  ["unheard-of", classic, "unheard-of"],
  ["high", ["something-new"], "high"],
])("%s becomes, of %j, %s", (effort, taken, expected) => {
  expect(fittingEffort(effort, taken)).toBe(expected);
});
