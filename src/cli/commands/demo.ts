import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { MethodName, ResultOf } from "../../contract/rpc/table.ts";
import type { TrafficResult, World } from "../../demo/index.ts";
import { sampleAccounts, sendTraffic, startWorld, troubleMaker } from "../../demo/index.ts";
import { startSettings } from "../../service/settings/start-settings.ts";
import type { StartSettings } from "../../service/settings/start-settings.ts";
import type { Context, Run } from "../context.ts";
import { CommandError } from "../context.ts";
import { demoStory, type DemoStoryParts } from "../demo-story.ts";
import { demoVariables } from "../demo-upstream.ts";
import { exitCodes } from "../exit-codes.ts";
import { announceWeb, runProduct } from "../service-process.ts";
import type { Signals } from "../until-stopped.ts";
import { takeSignals, untilStopped } from "../until-stopped.ts";

/** Everything lives in a temporary folder and on free ports; nothing of the user's is read or changed. */
export const run: Run = async (context, _args, options) => {
  const signals = takeSignals(context);
  const directory = await mkdtemp(join(tmpdir(), "codexmanager-demo-"));
  const world = await startWorld();
  try {
    await showProduct(context, {
      world,
      start: demoSettings(context, directory, world),
      hasTraffic: options.traffic !== false,
      signals,
    });
  } finally {
    await world.close();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
  return exitCodes.done;
};

interface Show {
  readonly world: World;
  readonly start: StartSettings;
  readonly hasTraffic: boolean;
  readonly signals: Signals;
}

async function showProduct(context: Context, { world, start, hasTraffic, signals }: Show): Promise<void> {
  const { terminal, words } = context;
  const { service, web, stop } = await runProduct(context, start);
  announceWeb(context, web);
  const ask = asking(service.answer);
  const key = await prepare(ask, world);
  terminal.out(words.demoAccounts(world.accounts.length));
  terminal.out(words.demoKey(key));
  terminal.out(words.demoStop);
  const traffic = new AbortController();
  const story = demoStory({ ask, flush: () => service.core.requests.flush(), out: (line) => terminal.out(line) });
  const makeTrouble = troubleMaker(world);
  const onResult = (result: TrafficResult) => {
    story.tell(result);
    makeTrouble();
  };
  const gatewayUrl = `${service.url}/v1`;
  const sending = hasTraffic ? sendTraffic({ gatewayUrl, key, signal: traffic.signal, onResult }) : Promise.resolve();
  await untilStopped(signals, {
    whenAsked: [service.whenAsked, web.whenAsked],
    async stop() {
      traffic.abort();
      await sending;
      await story.end();
      await stop();
    },
  });
}

type Answer = (message: string, isLoadPush: boolean) => Promise<{ readonly body: string }>;

function asking(answer: Answer): DemoStoryParts["ask"] {
  return async <M extends MethodName>(method: M, params: object) => {
    const { body } = await answer(JSON.stringify({ id: 1, method, params }), false);
    return (JSON.parse(body) as { result: ResultOf<M> }).result;
  };
}

/** Imports the sample accounts, reads their quotas, and creates a platform key, all as a user would. */
async function prepare(ask: DemoStoryParts["ask"], world: World): Promise<string> {
  const contents = sampleAccounts(world).map((account) => JSON.stringify(account.authJson()));
  await ask("account/import", { contents });
  await ask("account/usage/refresh", {});
  const { key } = await ask("apikey/create", { name: "demo" });
  return key;
}

function demoSettings({ terminal }: Context, directory: string, world: World): StartSettings {
  const env = {
    ...demoVariables(world),
    CODEXMANAGER_DATA_DIR: directory,
    CODEXMANAGER_SERVICE_ADDR: "localhost:0",
    CODEXMANAGER_WEB_ADDR: "localhost:0",
    CODEXMANAGER_SHUTDOWN_GRACE_SECS: "2",
    CODEXMANAGER_ROUTE_STRATEGY: "balanced",
  };
  const start = startSettings({
    flags: {},
    envFile: null,
    packageRoot: directory,
    workingDirectory: directory,
    place: { ...terminal.place, env },
  });
  if (!start.ok) throw new CommandError(start.message, exitCodes.failed);
  return start;
}
