import { describe, expect, test } from "vitest";
import type { Failure } from "../contract/failure.ts";
import type { Ask } from "../pool/candidates.ts";
import { account, ask, blocked, HOUR, now, pool } from "../pool/testing.ts";
import { boundByCompaction, moveBody, tiedToOwner } from "./bound.ts";
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
    return { ...received(text.toString()), ask: ask({ boundAccountId }) } as unknown as Planned;
  };
  const roster = pool([blocked("own"), account("other")]);
  const judge = (failure: Failure, boundTo: string | null, text = body(compaction)) => {
    return boundByCompaction(failure, planned(text, boundTo), { roster, now });
  };

  test("is told as the limit of its own account, with the time of that, blaming nobody", () => {
    expect(judge(refused, "own")).toMatchObject({
      code: "usage_limit_reached",
      class: "quota",
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

describe("what lives with the account that made it", () => {
  const roster = pool([blocked("own"), account("other")]);
  const other = { account: account("other"), reason: "ordered", isProbe: false } as const;
  const own = { account: account("own"), reason: "bound", isProbe: false } as const;
  const tied = (request: object, candidate: Parameters<typeof tiedToOwner>[0] = other, more: Partial<Ask> = {}) => {
    const planned = { ...received(request), ask: ask({ boundAccountId: "own", ...more }) } as unknown as Planned;
    return tiedToOwner(candidate, planned, { roster, now });
  };

  test("an earlier response: the client is told to send everything anew", () => {
    expect(tied({ previous_response_id: "resp_1" })).toMatchObject({
      code: "previous_response_not_found",
      retry: "never",
    });
  });

  test("a file: the client is told when its account is back", () => {
    const input = [{ role: "user", content: [{ type: "input_image", file_id: "file-1" }] }];
    expect(tied({ input })).toMatchObject({ code: "usage_limit_reached", until: now + HOUR });
  });

  test("a tool with a parameter of that name is no file", () => {
    const parameters = { type: "object", properties: { file_id: { type: "string" } } };
    expect(tied({ tools: [{ type: "function", name: "open", parameters }] })).toBeNull();
  });

  test("goes to its own account like any other request, and a child conversation takes nothing of it along", () => {
    expect(tied({ previous_response_id: "resp_1" }, own)).toBeNull();
    expect(tied({ previous_response_id: "resp_1" }, other, { boundReason: "parent" })).toBeNull();
    expect(tied({ previous_response_id: "resp_1" }, other, { boundAccountId: null })).toBeNull();
  });
});
