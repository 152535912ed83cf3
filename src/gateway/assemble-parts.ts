// Puts together what the stages share, from what the gateway is given.

import type { Settings } from "../contract/settings/table.ts";
import type { Clock } from "../kit/clock.ts";
import { createTokenCounter } from "../kit/token-count/token-counter.ts";
import { parseUpstreamAddress } from "../upstream/address.ts";
import type { Transport } from "../upstream/transport.ts";
import { Bindings } from "./bindings.ts";
import type { Catalogues } from "./catalogue.ts";
import { attemptSettings, keepLimits, modelNames, perSettings, planSettings, watchLimits } from "./from-settings.ts";
import { Hosts } from "./hosts.ts";
import { KeptResponses } from "./kept/kept-responses.ts";
import { KeyPlaces } from "./key-places.ts";
import { resolveModel, resolveNative } from "./model-names.ts";
import type { GatewayParts } from "./parts.ts";
import type {
  AccountSource,
  BindingKeeper,
  FactsKeeper,
  GatewayMetrics,
  KeySource,
  ProviderSource,
  RequestLog,
  ResponseStore,
  TokenSource,
  TraceLog,
} from "./ports.ts";
import { noProviders, noResponses } from "./ports.ts";
import type { Prices } from "./prices.ts";
import { builtInPrices } from "./prices.ts";
import { knownTo, Serving } from "./providers/serving.ts";
import type { Roster } from "./roster.ts";
import { StreamWatch } from "./stream-watch.ts";
import { Trace } from "./trace.ts";

export interface GatewayDeps {
  readonly clock: Clock;
  /** The settings in force; read per request, so that hot changes count at once. */
  readonly settings: () => Settings;
  readonly accounts: AccountSource;
  readonly facts: FactsKeeper;
  /** Only logins are asked unless given. */
  readonly providers?: ProviderSource;
  readonly tokens: TokenSource;
  readonly bindings: BindingKeeper;
  readonly keys: KeySource;
  /** Nothing is kept unless given. */
  readonly responses?: ResponseStore;
  readonly requests: RequestLog;
  readonly traceLog: TraceLog;
  readonly metrics: GatewayMetrics;
  /** The built-in ones unless given. */
  readonly prices?: Pick<Prices, "costMicroUsd">;
  readonly transport: Transport;
  /** From 0 up to 1; Math.random unless given. */
  readonly random?: () => number;
  /** Version of this program, for the user agent of clients that are not native. */
  readonly version: string;
  reportBug(error: unknown, traceId: string): void;
}

function keptResponses(deps: GatewayDeps): KeptResponses {
  return new KeptResponses({
    store: deps.responses ?? noResponses,
    limits: perSettings(deps.settings, keepLimits),
    now: () => deps.clock.now(),
    onError: (error, traceId) => deps.reportBug(error, traceId),
  });
}

export function assembleParts(deps: GatewayDeps, roster: Roster, catalogues: Catalogues): GatewayParts {
  const { clock, settings, metrics } = deps;
  const bindings = new Bindings(deps.bindings);
  const kept = keptResponses(deps);
  const hosts = new Hosts();
  const now = (): number => clock.now();
  const watch = new StreamWatch(clock, () => watchLimits(settings()));
  const random = deps.random ?? Math.random;
  const nameTables = perSettings(settings, modelNames);
  const providers = deps.providers ?? noProviders;
  const serving = new Serving(providers, (model) => catalogues.known.slugs.has(model));
  const address = parseUpstreamAddress(settings().gateway.upstreamUrl);
  return {
    clock,
    roster,
    bindings,
    kept,
    metrics,
    keys: deps.keys,
    requests: deps.requests,
    trace: traceOf(deps, roster),
    prices: deps.prices ?? builtInPrices,
    reportBug: (error, traceId) => deps.reportBug(error, traceId),
    get maxBodyBytes() {
      return settings().gateway.maxBodyBytes;
    },
    serving,
    keyPlaces: new KeyPlaces(clock),
    queueWaitMs: () => settings().routing.queueWaitMs,
    resolveModel: (name, isNative) =>
      (isNative ? resolveNative : resolveModel)(name, nameTables(), knownTo(serving, catalogues.known)),
    planParts: perSettings(settings, (current) => ({
      roster,
      bindings,
      kept,
      serving,
      providers,
      ...planSettings(current),
      isCodexBackend: address.isCodexBackend,
      effortsOf: (model: string) => catalogues.known.efforts.get(model) ?? [],
      random,
    })),
    attemptParts: perSettings(settings, (current) => ({
      roster,
      hosts,
      tokens: deps.tokens,
      transport: deps.transport,
      metrics,
      clock,
      address,
      providers,
      random,
      ...attemptSettings(current, deps.version),
    })),
    tokenCounter: createTokenCounter(clock),
    relayParts: () => ({ watch, now, etagFor: (version) => catalogues.etagFor(version) }),
  };
}

function traceOf({ traceLog, settings }: GatewayDeps, roster: Roster): Trace {
  return new Trace(traceLog, {
    isEnabled: () => settings().trace.isEnabled,
    previewBytes: () => settings().trace.bodyPreviewMaxBytes,
    strategy: () => settings().routing.strategy,
    sortOf: (accountId) => roster.find(accountId)?.sort ?? null,
  });
}
