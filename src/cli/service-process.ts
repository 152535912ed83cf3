// What the commands that run servers have in common: their flags as settings, their log, and what they say when they are ready.

import type { SettingKey } from "../contract/settings/table.ts";
import { createLog } from "../kit/log.ts";
import type { RunningService } from "../service/start-service.ts";
import { startService } from "../service/start-service.ts";
import type { StartSettings } from "../service/settings/start-settings.ts";
import type { RunningWeb } from "../service/web/start-web.ts";
import { startWeb } from "../service/web/start-web.ts";
import type { Context, Options } from "./context.ts";

const STDERR = 2;

/** Flags of `start`, `service` and `web` by the settings they stand for. */
export function addressFlags(options: Options): Partial<Record<SettingKey, unknown>> {
  const { serviceAddr, webAddr, open } = options;
  return {
    ...(serviceAddr === undefined ? {} : { "service.address": serviceAddr }),
    ...(webAddr === undefined ? {} : { "web.address": webAddr }),
    ...(open === false ? { "web.opensBrowser": false } : {}),
  };
}

export interface LoggedService {
  readonly service: RunningService;
  /** Stops the service and waits for the log to be written. */
  readonly stop: () => Promise<void>;
}

/** Starts the service, tells where it listens, and warns of settings that are not as they seem. */
export async function runService({ terminal, words }: Context, start: StartSettings): Promise<LoggedService> {
  const log = createLog({ descriptor: STDERR, isForPeople: terminal.isInteractive });
  const service = await startService({ start, clock: terminal.clock, log });
  terminal.out(`codexmanager-service listening on ${service.url} (gateway ${service.url}/v1, RPC ${service.url}/rpc)`);
  for (const warning of service.core.settings.resolved.warnings) terminal.err(words.warning(warning));
  return {
    service,
    async stop() {
      await service.stop();
      await log.flush();
    },
  };
}

export interface Product extends LoggedService {
  readonly web: RunningWeb;
}

/** Service and web listener in this process. */
export async function runProduct(context: Context, start: StartSettings): Promise<Product> {
  const { service, stop: stopService } = await runService(context, start);
  const { core, url: serviceUrl, token, answer, events } = service;
  const settings = core.settings.current;
  const link = { answer, events, stop: () => service.stop() };
  const { dataDirectory } = core.start;
  const web = await startWeb({ settings, dataDirectory, link, serviceUrl, token, clock: core.clock }).catch(
    async (error: unknown) => {
      await stopService();
      throw error;
    },
  );
  await service.announceWeb(web.url);
  return {
    service,
    web,
    async stop() {
      await web.stop();
      await stopService();
    },
  };
}

export function announceWeb({ terminal, words }: Context, { url, generatedPassword }: RunningWeb): void {
  terminal.out(`codexmanager-web listening on ${url}`);
  if (generatedPassword !== null) terminal.out(words.webPassword(generatedPassword));
}
