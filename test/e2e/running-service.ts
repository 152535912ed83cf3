// The real service, and the web listener when wanted, over a simulated world in a temporary folder. Everything listens on
// free loopback ports and is gone after `close`.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { demoVariables } from "../../src/cli/demo-upstream.ts";
import { failureOf } from "../../src/contract/rpc/envelope.ts";
import type { InputOf, MethodName, ResultOf } from "../../src/contract/rpc/table.ts";
import type { DemoAccount, World } from "../../src/demo/index.ts";
import { startWorld } from "../../src/demo/index.ts";
import type { Clock } from "../../src/kit/clock.ts";
import { systemClock } from "../../src/kit/clock.ts";
import type { Log } from "../../src/kit/log.ts";
import { silentLog } from "../../src/kit/log.ts";
import type { StartSettings } from "../../src/service/settings/start-settings.ts";
import { startSettings } from "../../src/service/settings/start-settings.ts";
import type { RunningService } from "../../src/service/start-service.ts";
import { startService } from "../../src/service/start-service.ts";
import type { RunningWeb } from "../../src/service/web/start-web.ts";
import { startWeb } from "../../src/service/web/start-web.ts";

export interface RunningOptions {
  /** Environment variables of the service, on top of those that point it at the world. */
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly log?: Log;
  /** Brought in from outside: used as it is, and not closed. */
  readonly world?: World;
  /** Brought in from outside: used as it is, and not removed. */
  readonly directory?: string;
  readonly hasWeb?: boolean;
}

export interface Running {
  readonly world: World;
  readonly service: RunningService;
  readonly web: RunningWeb | null;
  readonly directory: string;
  readonly start: StartSettings;
  /** The method's result, whether it tells a failure or not. */
  ask(method: string, params?: unknown): Promise<unknown>;
  /** The method's result; throws when it tells a failure. */
  rpc<M extends MethodName>(method: M, params?: InputOf<M>): Promise<ResultOf<M>>;
  /** Imports the accounts of the world, in order. */
  importAccounts(accounts: readonly DemoAccount[]): Promise<void>;
  /** Creates a platform key and returns its secret. */
  createKey(): Promise<string>;
  /** A request to the service; paths are relative to its address. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

/** Settings as a process with just these variables would have them. */
function settingsIn(directory: string, env: Readonly<Record<string, string>>): StartSettings {
  const start = startSettings({
    flags: {},
    envFile: null,
    packageRoot: join(directory, "no-package"),
    workingDirectory: directory,
    place: { platform: process.platform, home: directory, env: { CODEXMANAGER_DATA_DIR: directory, ...env } },
  });
  if (!start.ok) throw new Error(start.message);
  return start;
}

export async function runService(options: RunningOptions = {}): Promise<Running> {
  const { clock = systemClock, log = silentLog } = options;
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), "cxm-e2e-"));
  const world = options.world ?? (await startWorld());
  const env = { CODEXMANAGER_SERVICE_ADDR: "localhost:0", CODEXMANAGER_WEB_ADDR: "localhost:0", ...options.env };
  const start = settingsIn(directory, { ...demoVariables(world), ...env });
  const service = await startService({ start, clock, log });
  const web = options.hasWeb === true ? await openWeb(service, clock) : null;

  async function ask(method: string, params?: unknown): Promise<unknown> {
    const { body } = await service.answer(JSON.stringify({ id: 1, method, params }), false);
    return (JSON.parse(body) as { result: unknown }).result;
  }

  async function rpc<M extends MethodName>(method: M, params?: InputOf<M>): Promise<ResultOf<M>> {
    const result = await ask(method, params);
    const failure = failureOf(result);
    if (failure !== null) throw new Error(`${method}: ${failure}`);
    return result as ResultOf<M>;
  }

  return {
    world,
    service,
    web,
    directory,
    start,
    ask,
    rpc,
    async importAccounts(accounts) {
      await rpc("account/import", { contents: accounts.map((account) => JSON.stringify(account.authJson())) });
    },
    createKey: async () => (await rpc("apikey/create")).key,
    fetch: (path, init) => fetch(new URL(path, service.url), init),
    async close() {
      await web?.stop();
      await service.stop();
      if (!options.world) await world.close();
      if (!options.directory) rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function openWeb(service: RunningService, clock: Clock): Promise<RunningWeb> {
  const { core, answer, events, url, token, stop } = service;
  const settings = core.settings.current;
  const web = await startWeb({
    settings,
    dataDirectory: core.start.dataDirectory,
    link: { answer, events, stop },
    serviceUrl: url,
    token,
    clock,
  });
  await service.announceWeb(web.url);
  return web;
}
