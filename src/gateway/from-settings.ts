// What the stages take from the settings, made anew only when a setting has changed.

import { parseAlias } from "../contract/model-alias.ts";
import type { Settings } from "../contract/settings/table.ts";
import type { HeaderPolicy } from "../upstream/chatgpt/headers.ts";
import type { AttemptParts } from "./attempt.ts";
import type { NameTables } from "./model-names.ts";
import type { KeepLimits } from "./kept/kept-responses.ts";
import type { PlanParts } from "./plan.ts";
import type { WatchLimits } from "./stream-watch.ts";

const BYTES_PER_MEBIBYTE = 2 ** 20;

/** Settings are one frozen object until one of them changes. */
export function perSettings<T>(settings: () => Settings, make: (settings: Settings) => T): () => T {
  let madeFor: Settings | null = null;
  let made: T;
  return () => {
    const current = settings();
    if (current !== madeFor) {
      made = make(current);
      madeFor = current;
    }
    return made;
  };
}

export function planSettings({ routing }: Settings): Pick<PlanParts, "terms" | "choice" | "usesPaidFallback"> {
  return {
    terms: {
      maxInflight: routing.maxInflightPerAccount,
      softThresholdPercent: routing.softThresholdPercent,
      asksLoginsFirst: routing.asksLoginsFirst,
    },
    choice: {
      strategy: routing.strategy,
      manualAccountId: routing.manualAccountId,
      isManualStrict: routing.isManualStrict,
      healthWindow: routing.comparesHealth ? routing.healthWindow : 1,
    },
    usesPaidFallback: routing.usesPaidFallback,
  };
}

export function attemptSettings(
  settings: Settings,
  version: string,
): Pick<AttemptParts, "policy" | "isStrict" | "firstByteTimeoutMs" | "holdsFirstEvents" | "isOverSockets" | "limits"> {
  const { routing, gateway } = settings;
  return {
    policy: headerPolicy(settings, version),
    isStrict: gateway.filtersUnknownFields,
    firstByteTimeoutMs: gateway.firstByteTimeoutMs,
    holdsFirstEvents: gateway.holdsFirstEvents,
    isOverSockets: gateway.asksOverWebSockets,
    limits: {
      perAccount: routing.attemptsPerAccount,
      budgetMs: routing.retryBudgetMs,
      patienceMs: routing.coolDownPatienceMs,
      boundWaitMs: routing.boundWaitMs,
      queueWaitMs: routing.queueWaitMs,
    },
  };
}

export function modelNames({ models }: Settings): NameTables {
  const read = (lines: readonly string[]) => lines.map(parseAlias).filter((alias) => alias !== null);
  return { aliases: read(models.aliases), substitutes: read(models.substitutes) };
}

export function keepLimits({ keptResponses }: Settings): KeepLimits {
  const { daysKept, maxCount, maxMebibytes } = keptResponses;
  return { daysKept, maxCount, maxBytes: maxMebibytes * BYTES_PER_MEBIBYTE };
}

export function headerPolicy({ signIn, gateway }: Settings, version: string): HeaderPolicy {
  return {
    userAgent: `codexmanager/${version}`,
    originator: signIn.originator,
    cookie: gateway.upstreamCookie,
    isNoCookieMode: gateway.omitsAccountHeaders,
  };
}

export function watchLimits({ gateway }: Settings): WatchLimits {
  return { heartbeatMs: gateway.heartbeatIntervalMs, idleMs: gateway.idleTimeoutMs };
}
