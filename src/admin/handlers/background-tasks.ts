// The original's names for the settings of the background loops.

import type { ParamsOf, ResultOf } from "../../contract/rpc/table.ts";
import type { SettingKey, Settings } from "../../contract/settings/table.ts";
import { settingValue } from "../../contract/settings/table.ts";
import type { SettingChange } from "../change-settings.ts";

type Tasks = ResultOf<"gateway/backgroundTasks/get">;
type TaskName = Exclude<keyof Tasks, "requiresRestartKeys">;

const KEYS = {
  usagePollingEnabled: "jobs.isUsagePollingEnabled",
  usagePollIntervalSecs: "jobs.usagePollIntervalSeconds",
  gatewayKeepaliveEnabled: "jobs.isKeepaliveEnabled",
  gatewayKeepaliveIntervalSecs: "jobs.keepaliveIntervalSeconds",
  tokenRefreshPollingEnabled: "jobs.isTokenRenewalEnabled",
  tokenRefreshPollIntervalSecs: "jobs.tokenRenewalIntervalSeconds",
  usageRefreshWorkers: "jobs.usageRefreshWorkers",
  httpWorkerFactor: "original.httpWorkerFactor",
  httpWorkerMin: "original.httpWorkerMin",
  httpStreamWorkerFactor: "original.httpStreamWorkerFactor",
  httpStreamWorkerMin: "original.httpStreamWorkerMin",
} as const satisfies Record<TaskName, SettingKey>;

const ALIASES = {
  usagePollingEnabled: "usagePolling",
  gatewayKeepaliveEnabled: "gatewayKeepalive",
  tokenRefreshPollingEnabled: "tokenRefreshPolling",
} as const;

const RESTART: readonly TaskName[] = [
  "usageRefreshWorkers",
  "httpWorkerFactor",
  "httpWorkerMin",
  "httpStreamWorkerFactor",
  "httpStreamWorkerMin",
];

const names = Object.keys(KEYS) as TaskName[];

export function backgroundTasks(settings: Settings): Tasks {
  const values = names.map((name) => [name, settingValue(settings, KEYS[name])] as const);
  return { ...Object.fromEntries(values), requiresRestartKeys: [...RESTART] } as Tasks;
}

/** The settings that the call names, under their own name or the older one. */
export function taskChanges(params: ParamsOf<"gateway/backgroundTasks/set">): readonly SettingChange[] {
  const aliases: Readonly<Partial<Record<TaskName, keyof typeof params>>> = ALIASES;
  return names.flatMap((name) => {
    const alias = aliases[name];
    const value = params[name] ?? (alias === undefined ? undefined : params[alias]);
    return value === undefined || value === null ? [] : [{ key: KEYS[name], name, value }];
  });
}
