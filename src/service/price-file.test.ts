import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { priceFile } from "./price-file.ts";

const usage = { input: 1_000, cachedInput: 0, output: 0, reasoningOutput: 0, total: 1_000 };

test("own prices count from the file on; a bad file is told once and the built-in prices count", async () => {
  const directory = mkdtempSync(join(tmpdir(), "cxm-prices-"));
  const path = join(directory, "prices.json");
  const told: string[] = [];
  const file = priceFile(path, (problem) => told.push(problem));
  await file.load();
  const cost = () => file.current.costMicroUsd("gpt-5", usage);
  expect(cost()).toBe(1_250);
  writeFileSync(path, '{"gpt-5": {"input": 3, "output": 4}}');
  await file.load();
  expect(cost()).toBe(3_000);
  writeFileSync(path, '{"gpt-5": {"input": "3"}}');
  await file.load();
  await file.load();
  expect(cost()).toBe(1_250);
  expect(told).toEqual([file.problem]);
  expect(file.problem).toMatch(/prices\.json is not used \(gpt-5\.input/);
  rmSync(directory, { recursive: true });
  await file.load();
  expect(file.problem).toBeNull();
});
