// Two processes that share nothing but the database want to renew the same login, again and again, at the same moment.

import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { importAccounts } from "../../src/accounts/import.ts";
import type { Bench } from "../../src/accounts/testing.ts";
import { openBench } from "../../src/accounts/testing.ts";
import type { DemoAccount, World } from "../../src/demo/index.ts";
import { startWorld } from "../../src/demo/index.ts";
import { pause, systemClock } from "../../src/kit/clock.ts";
import type { RaceCall, RacerReply, RacerSettings } from "./racing-process.ts";
import { seeded } from "./seeded.ts";

const ROUNDS = 300;
/** How far apart the two may start. */
const LONGEST_LEAD_MS = 8;

const racers: ChildProcess[] = [];
const ends: Promise<unknown>[] = [];
let world: World;
let bench: Bench;
let account: DemoAccount;
let accountId: string;

beforeAll(async () => {
  world = await startWorld({ revokesFamilyOnReuse: true });
  bench = await openBench();
  account = world.addAccount({ name: "ann" });
  const files = [{ content: JSON.stringify(account.authJson()) }];
  const { importedAccountIds } = await importAccounts({ ...bench, clock: systemClock }, files);
  accountId = importedAccountIds[0] ?? "";
  await Promise.all([startRacer(), startRacer()]);
});

afterAll(async () => {
  for (const racer of racers) racer.disconnect();
  await Promise.all(ends);
  await bench.close();
  await world.close();
});

async function startRacer(): Promise<void> {
  const racer = fork(join(import.meta.dirname, "racing-process.ts"), { execArgv: [] });
  racers.push(racer);
  ends.push(once(racer, "exit"));
  const issuer = {
    issuerUrl: world.issuerUrl,
    clientId: "app_EMoamEEZ73f0CkXaXp7hrann",
    originator: "codexmanager",
    userAgent: "codexmanager/test",
    timeoutMs: 10_000,
  };
  const transport = { connectTimeoutMs: 5_000, proxies: [], environment: {} };
  const settings: RacerSettings = { accountId, rotation: { storePath: bench.path, transport, issuer } };
  racer.send(settings);
  expect(await replyOf(racer)).toBe("ready");
}

async function replyOf(racer: ChildProcess): Promise<RacerReply> {
  const [reply] = (await once(racer, "message")) as [RacerReply];
  return reply;
}

function race(racer: ChildProcess, seen: number): Promise<RacerReply> {
  const outcome = replyOf(racer);
  const call: RaceCall = { seen };
  racer.send(call);
  return outcome;
}

test(`in ${ROUNDS} races for one renewal the issuer is asked once each, and both go on with the new tokens`, async () => {
  const random = seeded();
  for (let round = 1; round <= ROUNDS; round += 1) {
    const [first, second] = (round % 2 === 0 ? racers : racers.toReversed()) as [ChildProcess, ChildProcess];
    const leading = race(first, round);
    await pause(systemClock, random.below(LONGEST_LEAD_MS));
    const outcomes = await Promise.all([leading, race(second, round)]);
    const told = `round ${round}; FAULTS_SEED=${random.seed}`;
    expect(outcomes, told).toEqual([{ kind: "renewed" }, { kind: "renewed" }]);
    expect(account.refreshes, told).toBe(round);
    const stored = await bench.store.credentials.find(accountId);
    expect(stored?.tokens.refreshToken, told).toBe(account.login.refreshToken);
    expect(stored?.generation, told).toBe(round + 1);
  }
});
