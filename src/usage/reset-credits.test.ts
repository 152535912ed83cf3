import { expect, test } from "vitest";

import { account } from "../pool/testing.ts";
import type { RedemptionAnswer } from "../upstream/chatgpt/reset-credits.ts";
import { createResetCredits } from "./reset-credits.ts";

const reset: RedemptionAnswer = { kind: "answered", code: "reset", windowsReset: 2 };
const silent: RedemptionAnswer = { kind: "unreachable", message: "silent" };

/** Accounts a and b behind an upstream that gives these answers, one after another. */
function world(...answers: RedemptionAnswer[]) {
  const asked: { readonly accountId: string; readonly token: string; readonly requestId: string }[] = [];
  const reread: string[] = [];
  const token = (accountId: string, value: string) =>
    ({ ok: true, token: { accountId, value, expiresAt: null } }) as const;
  const credits = createResetCredits({
    source: { find: (id) => (["a", "b"].includes(id) ? account(id) : null) },
    tokens: { current: async (id) => token(id, "old"), renew: async (id) => token(id, "new") },
    redeemer: {
      async redeem({ accountId, accessToken }, requestId) {
        asked.push({ accountId, token: accessToken, requestId });
        return answers.shift() ?? silent;
      },
    },
    usage: {
      async reread(accountId) {
        reread.push(accountId);
        return { refreshed: [accountId], failed: [] };
      },
    },
  });
  return { credits, asked, reread };
}

test("what the upstream says is told, and the usage read again", async () => {
  const { credits, reread } = world(reset);
  expect(await credits.redeem("a")).toEqual({ ok: true, code: "reset", windowsReset: 2 });
  expect(reread).toEqual(["a"]);
});

test("after a lost answer the same redemption is asked for again, and after an answer a new one", async () => {
  const { credits, asked, reread } = world(silent, reset, reset);
  expect(await credits.redeem("a")).toEqual({ ok: false, message: "silent" });
  expect(reread).toEqual([]);
  await credits.redeem("a", "another");
  await credits.redeem("a");
  const [first, second, third] = asked.map(({ requestId }) => requestId);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

test("a refused token is renewed once, under the same id", async () => {
  const refused: RedemptionAnswer = { kind: "unauthorized", status: 401, code: "token_expired" };
  const { credits, asked } = world(refused, reset, refused, refused);
  expect(await credits.redeem("a", "one")).toMatchObject({ ok: true });
  expect(asked.map(({ token, requestId }) => [token, requestId])).toEqual([
    ["old", "one"],
    ["new", "one"],
  ]);
  expect(await credits.redeem("a")).toMatchObject({ ok: false, message: expect.stringContaining("401") as string });
});

test("there is one redemption at a time: a second of the same account is the first one", async () => {
  const { credits, asked } = world(reset, reset);
  const [first, same, other] = await Promise.all([credits.redeem("a"), credits.redeem("a"), credits.redeem("b")]);
  expect(same).toEqual(first);
  expect(other).toMatchObject({ ok: false });
  expect(asked).toHaveLength(1);
  expect(await credits.redeem("b")).toMatchObject({ ok: true });
  expect(await credits.redeem("nobody")).toEqual({ ok: false, message: "account not found" });
});
