import { afterEach, describe, expect, test } from "vitest";
import { VirtualClock } from "../virtual-clock.ts";
import { createTokenCounter, type TokenCounter } from "./token-counter.ts";

let counter: TokenCounter;
afterEach(() => counter.close());

describe("counting", () => {
  test("is by the words of the model, and special words are only letters", async () => {
    counter = createTokenCounter(new VirtualClock());
    expect(await counter.count([])).toBe(0);
    expect(await counter.count(["hello world"])).toBe(2);
    expect(await counter.count(["hello world", "hello world"])).toBe(4);
    expect(await counter.count(["<|endoftext|>"])).toBeGreaterThan(1);
  });

  test("of long texts, many times at once, gives the same every time", async () => {
    counter = createTokenCounter(new VirtualClock());
    const text = "hello world ".repeat(1000);
    const counts = await Promise.all(Array.from({ length: 25 }, () => counter.count([text])));
    expect(new Set(counts).size).toBe(1);
    expect(counts[0]).toBeGreaterThanOrEqual(2000);
    expect(await counter.count([text, "hello world"])).toBe((counts[0] ?? 0) + 2);
  });

  test("goes on after a minute without questions has ended its thread", async () => {
    const clock = new VirtualClock();
    counter = createTokenCounter(clock);
    await counter.count(["hello world"]);
    clock.advance(61_000);
    expect(await counter.count(["hello world"])).toBe(2);
  });

  test("fails when it is closed in the middle of it", async () => {
    counter = createTokenCounter(new VirtualClock());
    const counting = counter.count(["hello world"]);
    counter.close();
    await expect(counting).rejects.toThrow(/ended/);
  });
});
