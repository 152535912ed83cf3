import { describe, expect, test } from "vitest";
import type { Failure } from "../contract/failure.ts";
import { account, blocked, HOUR, now, pool } from "../pool/testing.ts";
import { boundByCompaction, moveBody } from "./bound.ts";
import type { Planned } from "./plan.ts";
import { received } from "./testing.ts";

const reasoning = { type: "reasoning", encrypted_content: "gAAAA-1" };
const compaction = { type: "compaction", encrypted_content: "gAAAA-2" };
const user = { role: "user", content: "hello" };
const body = (...input: unknown[]) => Buffer.from(JSON.stringify({ input }));

describe("a conversation that leaves its account", () => {
  test("leaves behind the reasoning only that one can read, and the loss is told", () => {
    const { text, lost } = moveBody(body(user, reasoning));
    expect(JSON.parse(text.toString())).toEqual({ input: [user] });
    expect(lost).toEqual(["reasoning"]);
  });

  test("loses nothing where there is nothing to lose", () => {
    const text = body(user);
    expect(moveBody(text)).toEqual({ text, lost: [], lastReasoning: null });
    expect(moveBody(text).text).toBe(text);
  });

  test("takes a compaction, which is history, along untouched with all around it", () => {
    const text = body(compaction, reasoning, user);
    expect(moveBody(text).text).toBe(text);
    expect(moveBody(text).lost).toEqual([]);
  });
});

describe("a compaction that another account refuses", () => {
  const refused: Failure = {
    code: "invalid_encrypted_content",
    class: "request",
    scope: "request",
    retry: "strip",
    message: "No.",
  };
  const planned = (text: Buffer, boundAccountId: string | null) => {
    return { ...received(text.toString()), boundAccountId, ask: { model: "m" } } as unknown as Planned;
  };
  const roster = pool([blocked("own"), account("other")]);
  const judge = (failure: Failure, boundTo: string | null, text = body(compaction)) => {
    return boundByCompaction(failure, planned(text, boundTo), { roster, now });
  };

  test("is told as the limit of its own account, with the time of that, blaming nobody", () => {
    expect(judge(refused, "own")).toMatchObject({
      code: "usage_limit_reached",
      class: "gateway",
      scope: "request",
      retry: "never",
      until: now + HOUR,
    });
  });

  test("has no time when its own account is gone", () => {
    expect(judge(refused, "gone")).toMatchObject({ code: "usage_limit_reached", until: undefined });
  });

  test("is told as such only when there is one, the conversation is bound, and the ciphertext was what was refused", () => {
    expect(judge(refused, "own", body(reasoning))).toBeNull();
    expect(judge(refused, null)).toBeNull();
    expect(judge({ ...refused, code: "invalid_request" }, "own")).toBeNull();
  });
});
