// Opens everything that works without listeners: the data directory, the settings, the use cases. The service builds on it; the command
// line opens it by itself when no service runs.

import { join } from "node:path";

import type { AccountSource } from "../accounts/account-source.ts";
import { createAccountSource, loginsOf } from "../accounts/account-source.ts";
import type { RotationProcess } from "../accounts/rotation/rotation-process.ts";
import { createProviderSource } from "../accounts/providers/provider-source.ts";
import type { ProviderSource } from "../accounts/providers/provider-source.ts";
import { createRotationProcess } from "../accounts/rotation/rotation-process.ts";
import type { Tokens } from "../accounts/tokens.ts";
import { createTokens } from "../accounts/tokens.ts";
import type { Settings } from "../contract/settings/table.ts";
import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import type { KeySource } from "../keys/key-source.ts";
import { createKeySource } from "../keys/key-source.ts";
import type { Store } from "../store/open-store.ts";
import { openStore } from "../store/open-store.ts";
import type { RequestLog } from "../store/requests/request-log.ts";
import { openRequestLog } from "../store/requests/request-log.ts";
import type { Transport } from "../upstream/transport.ts";
import { createResetRedeemer } from "../upstream/chatgpt/reset-credits.ts";
import { createUsageReader } from "../upstream/chatgpt/usage.ts";
import { createTransport } from "../upstream/transport.ts";
import type { UsageRefresh, UsageRefreshOptions, UsageReport } from "../usage/refresh.ts";
import { createUsageRefresh } from "../usage/refresh.ts";
import type { ResetCredits } from "../usage/reset-credits.ts";
import { createResetCredits } from "../usage/reset-credits.ts";
import type { Instance } from "./instance.ts";
import { takeInstance } from "./instance.ts";
import { Metrics } from "./metrics.ts";
import type { PriceFile } from "./price-file.ts";
import { priceFile } from "./price-file.ts";
import { LiveSettings } from "./settings/live-settings.ts";
import type { StartSettings } from "./settings/start-settings.ts";
import { storedSettings } from "./settings/stored-settings.ts";
import { version } from "./version.ts";

export interface Core {
  readonly start: StartSettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly instance: Instance;
  readonly store: Store;
  readonly settings: LiveSettings;
  readonly source: AccountSource;
  /** The accounts without those that hold an API key. */
  readonly logins: AccountSource;
  readonly providers: ProviderSource;
  readonly tokens: Tokens;
  readonly keySource: KeySource;
  readonly requests: RequestLog;
  readonly transport: Transport;
  readonly usage: UsageRefresh;
  readonly resetCredits: ResetCredits;
  readonly prices: PriceFile;
  readonly metrics: Metrics;
  close(): Promise<void>;
}

export interface CoreOptions {
  readonly start: StartSettings;
  readonly clock: Clock;
  readonly log: Log;
}

const userAgent = `codexmanager/${version}`;
const smallRequestTimeoutMs = 30_000;

/** Throws InstanceError when somebody works there already, StoreError when files cannot be used. */
export async function openCore(options: CoreOptions): Promise<Core> {
  const instance = await takeInstance(options.start.databaseDirectory);
  const opened: (() => Promise<void> | void)[] = [() => instance.release()];
  const close = async () => {
    for (const step of opened.splice(0).toReversed()) await step();
  };
  try {
    return { ...(await openParts(options, opened)), ...options, instance, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Every part that must be closed leaves how in `opened`; they are closed last first. */
async function openParts({ start, clock, log }: CoreOptions, opened: (() => Promise<void> | void)[]) {
  const metrics = new Metrics();
  const onError = (error: unknown) => {
    metrics.add("db_errors_total");
    log.error("the database could not be written", { error });
  };
  const secretKey = start.resolved.values.store.secretKey ?? undefined;
  const store = await openStore({ path: start.databasePath, clock, secretKey, onError });
  opened.push(() => store.close());
  const settings = await openSettings(store, { start, clock, log });
  const requests = await openRequestLog({
    path: join(start.databaseDirectory, "requests.db"),
    storePath: start.databasePath,
    keptReadings: settings.current.jobs.usageReadingsKeptPerAccount,
    clock,
    onError: (message) => log.error(message),
  });
  opened.push(() => requests.close());
  const { transport, rotation } = openConnections(settings.current, { start, clock, log });
  opened.push(() => transport.close());
  opened.push(() => rotation.close());
  const providers = createProviderSource(store);
  await providers.load();
  const source = createAccountSource(store, (id) => providers.find(id)?.terms.isPaid ?? true);
  const logins = loginsOf(source);
  const keySource = createKeySource(store);
  const prices = priceFile(join(start.databaseDirectory, "prices.json"), (problem) => log.warn(problem));
  await Promise.all([source.load(), keySource.load(), prices.load()]);
  const tokens = createTokens({ store, source, rotation, clock });
  const upstreamUrl = settings.current.usage.upstreamUrl;
  const asking = { transport, upstreamUrl, userAgent, timeoutMs: smallRequestTimeoutMs };
  const reader = createUsageReader(asking);
  const workers = () => settings.current.jobs.usageRefreshWorkers;
  const usage = countedUsage({ source: logins, tokens, reader, history: requests, clock, workers }, metrics);
  const resetCredits = createResetCredits({ source: logins, tokens, redeemer: createResetRedeemer(asking), usage });
  return {
    store,
    settings,
    requests,
    transport,
    source,
    logins,
    providers,
    keySource,
    tokens,
    usage,
    resetCredits,
    prices,
    metrics,
  };
}

function countedUsage(options: UsageRefreshOptions, metrics: Metrics): UsageRefresh {
  const { clock } = options;
  const usage = createUsageRefresh(options);
  async function counted(asked: () => Promise<UsageReport>): Promise<UsageReport> {
    const startedAt = clock.now();
    const report = await asked();
    const [successes, failures] = [report.refreshed.length, report.failed.length];
    metrics.usageRefreshed({ successes, failures, tookMs: clock.now() - startedAt });
    return report;
  }

  return {
    refresh: (accountIds, signal) => counted(() => usage.refresh(accountIds, signal)),
    reread: (accountId) => counted(() => usage.reread(accountId)),
  };
}

async function openSettings(store: Store, { start, clock }: CoreOptions): Promise<LiveSettings> {
  const settings = await LiveSettings.load(storedSettings(store.settings, clock), {
    flags: start.flags,
    env: start.env,
  });
  if (settings instanceof LiveSettings) return settings;
  throw new Error(settings.message); // the flags were accepted when the start was prepared
}

function openConnections(
  settings: Settings,
  { start, clock }: CoreOptions,
): { transport: Transport; rotation: RotationProcess } {
  const options = {
    connectTimeoutMs: settings.gateway.connectTimeoutSeconds * 1000,
    proxies: settings.gateway.proxies,
    environment: start.env,
  };
  const issuer = {
    issuerUrl: settings.signIn.issuer,
    clientId: settings.signIn.clientId,
    originator: settings.signIn.originator,
    userAgent,
    timeoutMs: smallRequestTimeoutMs,
  };
  const secretKey = settings.store.secretKey ?? undefined;
  const rotation = createRotationProcess(
    { storePath: start.databasePath, secretKey, transport: options, issuer },
    clock,
  );
  return { transport: createTransport(options), rotation };
}
