// The RPC answered by an opened core: use cases put behind the handlers.

import { createAccounts } from "../accounts/accounts.ts";
import { importAccounts } from "../accounts/import.ts";
import { createProviders, type Providers } from "../accounts/providers/providers.ts";
import { createTrials, type Trials } from "../accounts/providers/trials.ts";
import type { SignIns } from "../accounts/sign-in/sign-ins.ts";
import type { Admin, CallEnd } from "../admin/admin.ts";
import { createAdmin } from "../admin/admin.ts";
import { createHandlers } from "../admin/handlers.ts";
import type { ModelSource } from "../admin/handlers/api-key.ts";
import type { JobList } from "../admin/handlers/jobs.ts";
import type { NoticeSource } from "../admin/handlers/notices.ts";
import type { ProcessFacts } from "../admin/handlers/system.ts";
import { explainModel, type ModelQuestion } from "../gateway/explain-model.ts";
import { explainRoute, type RouteAnswer, type RouteQuestion } from "../gateway/explain.ts";
import { builtInModels } from "../gateway/known-models.ts";
import type { ResolvedModel } from "../gateway/model-names.ts";
import { pricesAsOf } from "../gateway/prices.ts";
import { Serving } from "../gateway/providers/serving.ts";
import { createKeys } from "../keys/keys.ts";
import { whyNot } from "../pool/eligibility.ts";
import { Pool } from "../pool/pool.ts";
import { readForecast } from "../usage/read-forecast.ts";
import type { Core } from "./open-core.ts";
import { signInTerms } from "./sign-in/open-sign-ins.ts";
import { version } from "./version.ts";

export interface CoreAdminOptions {
  readonly models: ModelSource;
  readonly process: () => ProcessFacts;
  /** None run unless given. */
  readonly jobs?: JobList;
  /** None are given unless there is a source. */
  readonly notices?: NoticeSource;
  /** Only the running service signs in. */
  readonly signIns?: SignIns;
  /** Asks the running gateway; without one the accounts are looked at as they are stored. */
  readonly explainRoute?: (question: RouteQuestion) => Promise<RouteAnswer>;
  /** The same; without one names mean what the built-in list of models says. */
  readonly explainModel?: (question: ModelQuestion) => ResolvedModel;
  readonly onEnd?: (end: CallEnd) => void;
}

export function coreAdmin(core: Core, options: CoreAdminOptions): Admin {
  const { models, process, jobs = () => [], notices = null, onEnd } = options;
  const { start, store, source, settings, requests, clock, log } = core;
  const accounts = createAccounts({ store, source, clock });
  const keys = createKeys({ store, source: core.keySource, clock });
  const providers = createProviders({ store, providers: core.providers, accounts: source, clock });
  const handlers = createHandlers({
    version,
    dataDirectory: start.dataDirectory,
    databasePath: start.databasePath,
    process,
    accounts,
    providers,
    trials: providerTrials(core, providers),
    signIns: options.signIns ?? null,
    signInTerms: () => signInTerms(settings.current),
    importFiles: (files) => importAccounts({ store, source, clock }, files),
    source,
    usage: core.usage,
    resetCredits: core.resetCredits,
    keys,
    models,
    jobs,
    notices,
    settings,
    isRoutable: async (accountId) => {
      const account = source.find(accountId);
      return account !== null && whyNot(account, null, clock.now()) === null;
    },
    explainRoute: options.explainRoute ?? ((question) => explainStored(core, question)),
    explainModel:
      options.explainModel ??
      ((question) => explainModel(question, { settings: settings.current, knownModels: builtInModels })),
    keySource: core.keySource,
    forecast: (question) => readForecast(question, { source: core.logins, history: requests, clock }),
    requests,
    prices: core.prices,
    pricesAsOf,
    clock,
  });
  const reportBug = (error: unknown, method: string) => log.error(`${method} failed`, { error });
  return createAdmin({ handlers, clock, reportBug, ...(onEnd ? { onEnd } : {}) });
}

function providerTrials({ store, source, transport, clock }: Core, providers: Providers): Trials {
  return createTrials({
    store,
    accounts: source,
    providers,
    clock,
    userAgent: `codexmanager/${version}`,
    dispatcherFor: ({ baseUrl }, accountId) => transport.dispatcherFor(accountId, new URL(baseUrl).origin),
  });
}

/** The same choice while no gateway runs. */
function explainStored(
  { source, providers, store, settings, clock }: Core,
  question: RouteQuestion,
): Promise<RouteAnswer> {
  const pool = new Pool();
  for (const account of source.list()) pool.put(account);
  return explainRoute(question, {
    pool,
    findBound: async (conversation) => (await store.bindings.find(conversation))?.accountId ?? null,
    settings: settings.current,
    knownModels: builtInModels,
    serving: new Serving(providers, (model) => builtInModels.slugs.has(model)),
    providers,
    now: clock.now(),
  });
}
