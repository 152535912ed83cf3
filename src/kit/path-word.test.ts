import { expect, test } from "vitest";
import { pathWord } from "./path-word.ts";

test("a piece of a path is decoded once, and stays as it is where it cannot be", () => {
  expect(pathWord("a%2Fb%2520c")).toBe("a/b%20c");
  expect(pathWord("%E0%A4")).toBe("%E0%A4");
});
