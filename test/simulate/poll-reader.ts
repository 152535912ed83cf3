// What the simulated upstream says when it is asked how much an account has used, which is not always the truth.

import type { Reading, Window } from "../../src/pool/account.ts";
import { MAIN_FAMILY } from "../../src/pool/account.ts";
import type { UsageAnswer, UsageReader } from "../../src/upstream/chatgpt/usage.ts";
import { pause } from "../../src/kit/clock.ts";
import type { Scene } from "./scene.ts";
import type { UpstreamAccount } from "./upstream-account.ts";

const ON_THE_WAY_MS = 120;

export function pollReader(scene: Scene): UsageReader {
  const { world } = scene;
  return {
    async read({ accountId, accessToken }, now): Promise<UsageAnswer> {
      await pause(scene.clock, ON_THE_WAY_MS);
      const account = world.accounts.get(accountId);
      const suffers = (what: Parameters<typeof world.suffers>[0]) => world.suffers(what, accountId, scene.now);
      if (
        account === undefined ||
        ["unreachable", "silence", "failed_poll"].some((what) => suffers(what as "silence"))
      ) {
        return { kind: "unreachable", message: "no answer" };
      }
      if (!account.accepts(accessToken, scene.now)) return { kind: "unauthorized", status: 401, code: "token_expired" };
      if (account.isClosed) return { kind: "unauthorized", status: 403, code: "account_deactivated" };
      const at = suffers("stale_poll") ? now - 3_600_000 : now;
      if (suffers("rosy_poll")) return { kind: "read", readings: [readingOf(account, scene.now, at, 0)] };
      return { kind: "read", readings: [readingOf(account, scene.now, at, suffers("full_poll") ? 100 : null)] };
    },
  };
}

function readingOf(account: UpstreamAccount, now: number, at: number, lie: number | null): Reading {
  const windows = account
    .quota(now)
    .map(({ minutes, used, resetsAt }): Window => ({ minutes, usedPercent: lie ?? used, resetsAt }));
  const nothingElse = { isLimitReached: false, credits: null, resetCredits: null };
  return { family: MAIN_FAMILY, windows, ...nothingElse, plan: account.plan, source: "poll", at };
}
