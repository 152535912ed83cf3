import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { DemoAccount } from "../../demo/account.ts";
import { startWorld } from "../../demo/world.ts";
import type { World } from "../../demo/world.ts";
import { systemClock } from "../../kit/clock.ts";
import { importAccounts } from "../import.ts";
import { openBench, StoppedClock } from "../testing.ts";
import type { Bench } from "../testing.ts";
import type { RotationSettings } from "./messages.ts";
import { createRotationProcess } from "./rotation-process.ts";
import type { RotationProcess } from "./rotation-process.ts";

let world: World;
let bench: Bench;
let account: DemoAccount;
let accountId: string;
const processes: RotationProcess[] = [];

beforeEach(async () => {
  world = await startWorld();
  bench = await openBench();
  account = world.addAccount({ name: "ann" });
  const files = [{ content: JSON.stringify(account.authJson()) }];
  const { importedAccountIds } = await importAccounts({ ...bench, clock: systemClock }, files);
  accountId = importedAccountIds[0]!;
});

afterEach(async () => {
  for (const each of processes.splice(0)) each.close();
  await world.close();
  await bench.close();
});

function settings(): RotationSettings {
  return {
    storePath: bench.path,
    transport: { connectTimeoutMs: 5_000, proxies: [], environment: {} },
    issuer: {
      issuerUrl: world.issuerUrl,
      clientId: "app_EMoamEEZ73f0CkXaXp7hrann",
      originator: "codexmanager",
      userAgent: "codexmanager/test",
      timeoutMs: 10_000,
    },
  };
}

function startProcess(): RotationProcess {
  const started = createRotationProcess(settings(), systemClock);
  processes.push(started);
  return started;
}

const stored = async () => (await bench.store.credentials.find(accountId))!;

/** A process that asks for a renewal as a service does, to be killed. */
function startService() {
  const module = new URL("./rotation-process.ts", import.meta.url).href;
  const clock = new URL("../../kit/clock.ts", import.meta.url).href;
  const script = `
    import { createRotationProcess } from ${JSON.stringify(module)};
    import { systemClock } from ${JSON.stringify(clock)};
    const rotation = createRotationProcess(${JSON.stringify(settings())}, systemClock);
    await rotation.rotate(${JSON.stringify(accountId)}, 1);`;
  return spawn(process.execPath, ["--input-type=module", "--eval", script], { stdio: "ignore" });
}

test("two processes that want to renew one login ask the issuer once", async () => {
  const outcomes = await Promise.all([startProcess().rotate(accountId, 1), startProcess().rotate(accountId, 1)]);
  expect(outcomes).toEqual([{ kind: "renewed" }, { kind: "renewed" }]);
  expect(account.counts.refreshes).toBe(1);
  expect(await stored()).toMatchObject({
    generation: 2,
    tokens: { refreshToken: account.authJson().tokens.refresh_token },
  });
});

test("one process serves renewal after renewal, and says what the issuer says", async () => {
  const rotation = startProcess();
  expect(await rotation.rotate(accountId, 1)).toEqual({ kind: "renewed" });
  expect(await rotation.rotate(accountId, 2)).toEqual({ kind: "renewed" });
  world.forgetRequests();
  await bench.store.credentials.put(accountId, {
    ...(await stored()),
    tokens: { accessToken: "x", refreshToken: "y", idToken: null },
  });
  expect(await rotation.rotate(accountId, 4)).toMatchObject({ kind: "refused", refusal: { state: "sign_in" } });
});

test("a process that has had nothing to do is let go, and the next renewal starts another", async () => {
  const clock = new StoppedClock(0);
  const rotation = createRotationProcess(settings(), clock);
  processes.push(rotation);
  expect(await rotation.rotate(accountId, 1)).toEqual({ kind: "renewed" });
  const owner = async () => (await bench.store.credentials.find(accountId))?.claim?.owner;
  const hold = world.hold("token");
  const second = rotation.rotate(accountId, 2);
  await hold.arrived;
  const first = await owner();
  clock.advance(60_000);
  hold.release();
  expect(await second).toEqual({ kind: "renewed" });

  clock.advance(60_000);
  const secondHold = world.hold("token");
  const third = rotation.rotate(accountId, 3);
  await secondHold.arrived;
  expect(await owner()).not.toBe(first);
  secondHold.release();
  expect(await third).toEqual({ kind: "renewed" });
});

test.each(["while the issuer has not answered", "right after it has answered"])(
  "a service killed %s loses nothing: the next one adopts the new tokens",
  async (moment) => {
    const hold = world.hold("token");
    const service = startService();
    await hold.arrived;
    expect(await stored()).toMatchObject({ generation: 1, claim: { owner: expect.any(String) } });
    if (moment.startsWith("right after")) {
      hold.release();
      while (account.counts.refreshes === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    service.kill("SIGKILL");
    await once(service, "exit");

    const restarted = startProcess().rotate(accountId, 1);
    hold.release();
    expect(await restarted).toEqual({ kind: "renewed" });
    expect(account.counts.refreshes).toBe(1);
    expect(await stored()).toMatchObject({
      generation: 2,
      tokens: { refreshToken: account.authJson().tokens.refresh_token },
    });
  },
);

test("a store the renewal process cannot open is told, not thrown", async () => {
  const rotation = createRotationProcess({ ...settings(), secretKey: "ab".repeat(32) }, systemClock);
  processes.push(rotation);
  expect(await rotation.rotate(accountId, 1)).toMatchObject({
    kind: "unreachable",
    message: expect.stringContaining("does not belong to this database"),
  });
});
