import { afterEach, beforeEach, expect, test } from "vitest";
import type { Store } from "../../store/open-store.ts";
import { openStore } from "../../store/open-store.ts";
import { accountRecord, newCredentials } from "../../store/testing.ts";
import { openBench, ScriptedIssuer, StoppedClock } from "../testing.ts";
import type { Bench } from "../testing.ts";
import { claimMs, rotate } from "./rotate.ts";

const start = Date.UTC(2026, 10, 21);
let clock: StoppedClock;
let bench: Bench;
let peer: Store;
let issuer: ScriptedIssuer;

beforeEach(async () => {
  clock = new StoppedClock(start);
  bench = await openBench(clock);
  peer = await openStore({ path: bench.path, clock });
  issuer = new ScriptedIssuer(start + 3_600_000);
  await bench.store.accounts.put(accountRecord({ id: "acc_1" }));
  await bench.store.credentials.put("acc_1", newCredentials("1"));
});

afterEach(async () => {
  await peer.close();
  await bench.close();
});

const rotateAs = (owner: string, seen = 1) =>
  rotate({ store: owner === "peer" ? peer : bench.store, issuer, clock, owner }, "acc_1", seen);
const claim = { accountId: "acc_1", generation: 1, owner: "peer" };

/** Moves time on in the steps of the waiting loop until `settled`. */
async function passTime(settled: Promise<unknown>): Promise<void> {
  const state = { isSettled: false };
  void settled.finally(() => (state.isSettled = true));
  while (!state.isSettled) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(50);
  }
}

test("of two stores that want to be rid of the same tokens, one asks the issuer and the other adopts", async () => {
  const both = Promise.all([rotateAs("own"), rotateAs("peer")]);
  await passTime(both);
  expect(await both).toEqual([{ kind: "renewed" }, { kind: "renewed" }]);
  expect(issuer.seen).toEqual(["rt_1"]);
  expect(await peer.credentials.find("acc_1")).toMatchObject({ generation: 2, tokens: { refreshToken: "rt_2" } });
});

test("whoever comes while another process holds the claim waits for its tokens", async () => {
  await peer.credentials.claim(claim, start, start + claimMs);
  const waiting = rotateAs("own");
  await new Promise((resolve) => setImmediate(resolve));
  await peer.credentials.rotate(claim, newCredentials("9"));
  await passTime(waiting);
  expect(await waiting).toEqual({ kind: "renewed" });
  expect(issuer.seen).toEqual([]);
});

test("the claim of a process that died counts for nothing after its time", async () => {
  await peer.credentials.claim(claim, start, start + claimMs);
  const waiting = rotateAs("own");
  await passTime(waiting);
  expect(await waiting).toEqual({ kind: "renewed" });
  expect(issuer.seen).toEqual(["rt_1"]);
  expect(clock.now()).toBeGreaterThanOrEqual(start + claimMs);
});

test("a claim from before the clock was set back holds nobody up", async () => {
  await peer.credentials.claim(claim, start + 3_600_000, start + 3_600_000 + claimMs);
  expect(await rotateAs("own")).toEqual({ kind: "renewed" });
});

test("tokens a person has brought meanwhile are not overwritten", async () => {
  const answer = Promise.withResolvers<void>();
  const slow = {
    refresh: async (accountId: string, token: string) => answer.promise.then(() => issuer.refresh(accountId, token)),
  };
  const rotating = rotate({ store: bench.store, issuer: slow, clock, owner: "own" }, "acc_1", 1);
  await new Promise((resolve) => setImmediate(resolve));
  await peer.credentials.put("acc_1", newCredentials("imported"));
  answer.resolve();
  expect(await rotating).toEqual({ kind: "renewed" });
  expect((await peer.credentials.find("acc_1"))?.tokens.refreshToken).toBe("rt_imported");
});

test("a final word on tokens that a person has replaced meanwhile concerns nobody", async () => {
  const answer = Promise.withResolvers<void>();
  const slow = {
    refresh: async () => {
      await answer.promise;
      return { kind: "refused", state: "sign_in", code: "refresh_token_reused" } as const;
    },
  };
  const rotating = rotate({ store: bench.store, issuer: slow, clock, owner: "own" }, "acc_1", 1);
  await new Promise((resolve) => setImmediate(resolve));
  await peer.credentials.put("acc_1", newCredentials("imported"));
  answer.resolve();
  expect(await rotating).toEqual({ kind: "renewed" });
  expect(await peer.credentials.find("acc_1")).toMatchObject({ refusal: null });
});

test("a final word is kept with the tokens it concerns; anything else only ends the claim", async () => {
  issuer.next.push(
    { kind: "unreachable", message: "down" },
    { kind: "refused", state: "sign_in", code: "invalid_grant" },
  );
  expect(await rotateAs("own")).toEqual({ kind: "unreachable", message: "down" });
  expect(await peer.credentials.find("acc_1")).toMatchObject({ claim: null, refusal: null });
  expect(await rotateAs("own")).toMatchObject({ kind: "refused" });
  expect(await rotateAs("peer")).toEqual({
    kind: "refused",
    refusal: { state: "sign_in", code: "invalid_grant", at: start },
  });
  expect(issuer.seen).toHaveLength(2);
});

test("nothing to renew with is told without asking the issuer", async () => {
  expect(await rotate({ store: peer, issuer, clock, owner: "x" }, "nobody", 1)).toEqual({ kind: "unrenewable" });
  const { tokens } = newCredentials("s");
  await peer.credentials.put("acc_1", { ...newCredentials("s"), tokens: { ...tokens, refreshToken: null } });
  expect(await rotateAs("own", 2)).toEqual({ kind: "unrenewable" });
  expect(issuer.seen).toEqual([]);
});
