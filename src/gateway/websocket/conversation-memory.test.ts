import { expect, test } from "vitest";
import { ConversationMemory, MemoryBudget } from "./conversation-memory.ts";

const items = (size: number) => [Buffer.alloc(size, "x")];

test("a conversation is recalled by its last response alone", () => {
  const memory = new ConversationMemory(new MemoryBudget());
  memory.remember("resp_1", items(1));
  memory.remember("resp_2", items(2));
  expect(memory.recall("resp_1")).toBeNull();
  expect(memory.recall("resp_2")).toEqual(items(2));
  memory.forget();
  expect(memory.recall("resp_2")).toBeNull();
});

test("one that is larger than a conversation may be is not remembered, and nothing of it is held", () => {
  const budget = new MemoryBudget({ ofOne: 10, ofAll: 100 });
  const memory = new ConversationMemory(budget);
  memory.remember("resp_1", items(10));
  memory.remember("resp_2", items(11));
  expect([memory.recall("resp_1"), memory.recall("resp_2"), budget.heldBytes]).toEqual([null, null, 0]);
});

test("when all together are too large, the one that was longest without a request forgets", () => {
  const budget = new MemoryBudget({ ofOne: 10, ofAll: 20 });
  const [first, second, third] = [1, 2, 3].map(() => new ConversationMemory(budget)) as [
    ConversationMemory,
    ConversationMemory,
    ConversationMemory,
  ];
  first.remember("one", items(8));
  second.remember("two", items(8));
  first.remember("one again", items(9));
  third.remember("three", items(8));
  expect(second.recall("two")).toBeNull();
  expect(first.recall("one again")).not.toBeNull();
  expect(third.recall("three")).not.toBeNull();
  expect(budget.heldBytes).toBe(17);
});
