import { describe, expect, test } from "vitest";
import { Bindings } from "./bindings.ts";
import type { Binding } from "./ports.ts";

const TEN_MINUTES = 10 * 60 * 1000;

function kept(...stored: Binding[]) {
  const saved: Binding[] = [];
  const find = async (conversation: string) => stored.find((each) => each.conversation === conversation) ?? null;
  return { saved, bindings: new Bindings({ find, save: (binding) => saved.push(binding) }) };
}

const bound = (accountId: string) => ({ accountId, leftBehind: null });

describe("a conversation", () => {
  test("that is not in memory has to be looked up, once", async () => {
    const { bindings } = kept({ conversation: "c", accountId: "a", usedAt: 0 });
    expect(bindings.recall("c")).toBeUndefined();
    expect(await bindings.find("c")).toMatchObject({ accountId: "a", leftBehind: null });
    expect(bindings.recall("c")).toMatchObject({ accountId: "a" });
  });

  test("that nobody knows is on no account", async () => {
    const { bindings } = kept();
    expect(await bindings.find("c")).toBeNull();
    expect(bindings.recall("c")).toBeUndefined();
  });

  test("is kept when it is new or has moved", () => {
    const { bindings, saved } = kept();
    bindings.bind("c", bound("a"), 1);
    bindings.bind("c", bound("b"), 2);
    expect(bindings.recall("c")?.accountId).toBe("b");
    expect(saved).toEqual([
      { conversation: "c", accountId: "a", usedAt: 1 },
      { conversation: "c", accountId: "b", usedAt: 2 },
    ]);
  });

  test("that goes on where it is costs a write only now and then", () => {
    const { bindings, saved } = kept();
    bindings.bind("c", bound("a"), 0);
    bindings.bind("c", bound("a"), TEN_MINUTES - 1);
    expect(saved).toHaveLength(1);
    bindings.bind("c", bound("a"), TEN_MINUTES);
    expect(saved.at(-1)).toEqual({ conversation: "c", accountId: "a", usedAt: TEN_MINUTES });
  });

  test("remembers what its client still sends of the account it left, without a write", () => {
    const { bindings, saved } = kept();
    const leftBehind = { turnState: "ts-1", reasoning: null };
    bindings.bind("c", bound("a"), 0);
    bindings.bind("c", { accountId: "a", leftBehind }, 1);
    expect(bindings.recall("c")?.leftBehind).toBe(leftBehind);
    expect(saved).toHaveLength(1);
  });

  test("that was bound while it was looked up stays where it was bound", async () => {
    const { bindings } = kept({ conversation: "c", accountId: "old", usedAt: 0 });
    const finding = bindings.find("c");
    bindings.bind("c", bound("new"), 1);
    expect((await finding)?.accountId).toBe("new");
    expect(bindings.recall("c")?.accountId).toBe("new");
  });
});
