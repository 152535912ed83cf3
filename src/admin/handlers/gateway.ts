// What the gateway is told while it runs, over RPC.

import { hash } from "node:crypto";

import type { gatewayMethods } from "../../contract/rpc/areas/gateway.ts";
import type { ResultOf } from "../../contract/rpc/table.ts";
import { findSetting } from "../../contract/settings/table.ts";
import type { RouteAnswer, RouteQuestion } from "../../gateway/explain.ts";
import type { KeySource } from "../../keys/key-source.ts";
import { availability, usualTerms } from "../../pool/availability.ts";
import type { SettingChange } from "../change-settings.ts";
import { changeSettings } from "../change-settings.ts";
import type { Handlers } from "../handler.ts";
import { done, failed, toSeconds } from "../handler.ts";
import type { SettingsPort } from "../settings-port.ts";
import { backgroundTasks, taskChanges } from "./background-tasks.ts";

export interface GatewayHandlerDeps {
  readonly settings: SettingsPort;
  /** Whether an account is there and could serve now. */
  readonly isRoutable: (accountId: string) => Promise<boolean>;
  readonly explainRoute: (question: RouteQuestion) => Promise<RouteAnswer>;
  readonly keySource: Pick<KeySource, "find" | "findByHash">;
}

const TOLD_ACCOUNTS = 20;

const strategies = findSetting("routing.strategy")?.setting.choices ?? [];
const headerModeVariable = findSetting("gateway.omitsAccountHeaders")?.setting.env[0] ?? "";

export function gatewayHandlers(deps: GatewayHandlerDeps): Handlers<keyof typeof gatewayMethods> {
  const { settings, isRoutable, explainRoute, keySource } = deps;
  const routing = () => settings.current.routing;
  const headerMode = () => settings.current.gateway.omitsAccountHeaders;
  async function setManual(value: string | null) {
    const result = await settings.set("routing.manualAccountId", value);
    return result.ok ? done(null) : failed(result.message);
  }

  return {
    "gateway/explain": async ({ keyId, key: secret, model, conversation, limit }) => {
      const named = keyId === null ? null : keySource.find(keyId);
      const key = secret === null ? named : keySource.findByHash(hash("sha256", secret));
      if (key === null && (keyId !== null || secret !== null)) return failed("api key not found");
      return done(toRoute(await explainRoute({ key, model, conversation, limit: limit ?? TOLD_ACCOUNTS })));
    },
    "gateway/routeStrategy/get": async () =>
      done({
        strategy: routing().strategy,
        options: [...strategies],
        manualPreferredAccountId: routing().manualAccountId,
      }),
    "gateway/routeStrategy/set": async (params, context) => {
      const change: SettingChange = { key: "routing.strategy", name: "strategy", value: params.strategy };
      const changed = await changeSettings(settings, [change], context);
      return changed.ok ? done({ strategy: routing().strategy }) : changed;
    },
    "gateway/manualAccount/get": async () => done({ accountId: routing().manualAccountId }),
    "gateway/manualAccount/set": async ({ accountId }) =>
      (await isRoutable(accountId)) ? setManual(accountId) : failed("account is not available for routing"),
    "gateway/manualAccount/clear": () => setManual(null),
    "gateway/headerPolicy/get": async () =>
      done({ cpaNoCookieHeaderModeEnabled: headerMode(), envKey: headerModeVariable }),
    "gateway/headerPolicy/set": async (params, context) => {
      const name = params.cpaNoCookieHeaderModeEnabled === undefined ? "enabled" : "cpaNoCookieHeaderModeEnabled";
      const value = params[name];
      if (value === undefined) return failed("missing cpaNoCookieHeaderModeEnabled");
      const change: SettingChange = { key: "gateway.omitsAccountHeaders", name, value };
      const changed = await changeSettings(settings, [change], context);
      return changed.ok ? done({ cpaNoCookieHeaderModeEnabled: headerMode() }) : changed;
    },
    "gateway/backgroundTasks/get": async () => done(backgroundTasks(settings.current)),
    "gateway/backgroundTasks/set": async (params, context) => {
      const changed = await changeSettings(settings, taskChanges(params), context);
      return changed.ok ? done(backgroundTasks(settings.current)) : changed;
    },
  };
}

function toRoute({ next, candidates, skipped, verdict, ...route }: RouteAnswer): ResultOf<"gateway/explain"> {
  const terms = { ...usualTerms, now: route.at };
  return {
    ...route,
    at: toSeconds(route.at),
    next: next && { accountId: next.account.id, reason: next.reason, waitsUntil: toSeconds(next.waitsUntil) },
    candidates: candidates.map(({ account, reason }) => ({
      accountId: account.id,
      label: account.label,
      reason,
      state: availability(account, terms).state,
    })),
    skipped: skipped.map((skip) => ({ ...skip, until: toSeconds(skip.until) })),
    verdict: verdict && { code: verdict.code, message: verdict.message, until: toSeconds(verdict.until ?? null) },
    capacityReturnsAt: toSeconds(route.capacityReturnsAt),
  };
}
