// One life of the simulated program, from start to stop or crash: the gateway, the use cases behind it and the background
// jobs, put together as the service does, over a store that outlives them.

import { createAccountSource } from "../../src/accounts/account-source.ts";
import { createAccounts } from "../../src/accounts/accounts.ts";
import { rotate } from "../../src/accounts/rotation/rotate.ts";
import { createTokens } from "../../src/accounts/tokens.ts";
import type { Settings } from "../../src/contract/settings/table.ts";
import type { RequestRow } from "../../src/contract/request-row.ts";
import { createGateway, type Gateway } from "../../src/gateway/gateway.ts";
import { noKeyLimits } from "../../src/gateway/ports.ts";
import { createJobs } from "../../src/jobs/index.ts";
import { createRunner, type Runner } from "../../src/jobs/runner.ts";
import type { Clock } from "../../src/kit/clock.ts";
import { pause } from "../../src/kit/clock.ts";
import type { UsageReader } from "../../src/upstream/chatgpt/usage.ts";
import type { Transport } from "../../src/upstream/transport.ts";
import { createUsageRefresh } from "../../src/usage/refresh.ts";
import { KEY_HASH, KEY_ID } from "./conversation.ts";
import type { MemoryStore } from "./memory-store.ts";
import type { Random } from "./random.ts";
import type { World } from "./world.ts";

export interface LifeParts {
  readonly number: number;
  readonly store: MemoryStore;
  readonly world: World;
  /** The machine's clock; goes on when the program is dead. */
  readonly clock: Clock;
  /** Time as it passes in truth. */
  readonly trueClock: Clock;
  readonly random: Random;
  readonly transport: Transport;
  readonly reader: UsageReader;
  readonly settings: { readonly current: Settings; onChange(listener: () => void): () => void };
  recorded(row: RequestRow): void;
  bug(error: unknown): void;
}

export interface Life {
  readonly number: number;
  readonly gateway: Gateway;
  readonly source: ReturnType<typeof createAccountSource>;
  readonly accounts: ReturnType<typeof createAccounts>;
  readonly store: ReturnType<MemoryStore["open"]>;
  readonly runner: Runner;
  /** Leases taken and not given back. */
  readonly leases: number;
  readonly isAlive: boolean;
  /** Nothing of this life happens any more. */
  die(): void;
}

export async function startLife(parts: LifeParts): Promise<Life> {
  const { number, settings, transport } = parts;
  const state = { isAlive: true, leases: 0 };
  const clock = mortalClock(parts.clock, state);
  const store = parts.store.open(clock, () => state.isAlive);
  const source = createAccountSource(store);
  await source.load();
  const tokens = createTokens({ store, source, rotation: lastingRotation(parts), clock });
  const history = { recordReading: () => {} };
  const workers = () => settings.current.jobs.usageRefreshWorkers;
  const usage = createUsageRefresh({ source, tokens, reader: parts.reader, history, clock, workers });
  const gateway = await createGateway({
    clock,
    settings: () => settings.current,
    accounts: { load: async () => source.list(), onChange: (listener) => source.onChange(listener) },
    facts: source,
    tokens,
    bindings: store.bindings,
    keys: { findByHash: (digest) => (digest === KEY_HASH ? platformKey : null), touch: () => {} },
    requests: { record: (row) => state.isAlive && parts.recorded(row) },
    traceLog: { line: () => {} },
    metrics: metricsOf(state),
    prices: { costMicroUsd: () => null },
    transport,
    random: () => parts.random.next(),
    version: "0.0.0",
    reportBug: (error) => parts.bug(error),
  });
  const catalogue = { refresh: () => gateway.refreshModels() };
  const jobs = createJobs({ settings: () => settings.current, clock, source, usage, tokens, catalogue, ...aside });
  const runner = createRunner({
    jobs,
    clock,
    random: () => parts.random.next(),
    onSettingsChange: (listener) => settings.onChange(listener),
    onFailure: () => {},
    reportBug: (_job, error) => parts.bug(error),
  });
  const accounts = createAccounts({ store, source, clock });
  runner.start();
  return {
    number,
    gateway,
    source,
    accounts,
    store,
    runner,
    get leases() {
      return state.leases;
    },
    get isAlive() {
      return state.isAlive;
    },
    die() {
      state.isAlive = false;
    },
  };
}

const platformKey = { id: KEY_ID, name: "test", isEnabled: true, model: null, reasoningEffort: null, ...noKeyLimits };

/** Timers of a program that is dead do not fire. */
function mortalClock(clock: Clock, state: { readonly isAlive: boolean }): Clock {
  return {
    now: () => clock.now(),
    timer: (ms, fire) =>
      clock.timer(ms, () => {
        if (state.isAlive) fire();
      }),
  };
}

function metricsOf(state: { leases: number }) {
  return {
    requestStarted: () => {},
    requestEnded: () => {},
    attemptEnded: () => {},
    failedOver: () => {},
    cooldownMarked: () => {},
    inflightChanged: (by: 1 | -1) => void (state.leases += by),
  };
}

/** Tokens are renewed in a process that outlives a killed program, so this one's clock never stops. */
function lastingRotation({ number, store, world, clock, trueClock, random }: LifeParts) {
  const rows = store.open(clock);
  const issuer = {
    async refresh(_accountId: string, refreshToken: string) {
      await pause(trueClock, random.between(50, 3_000));
      return world.refresh(refreshToken, trueClock.now());
    },
  };
  return {
    rotate: (id: string, seen: number) => rotate({ store: rows, issuer, clock, owner: `life-${number}` }, id, seen),
  };
}

/** Nothing of a run is ever forgotten, and no credits for resets are redeemed. */
const aside = {
  requests: { retain: async () => {} },
  responses: { retain: async () => {} },
  bindings: { prune: async () => {} },
  resetCredits: { redeem: async () => ({ ok: false, message: "no credit" }) as const },
};
