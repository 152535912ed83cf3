// The service itself over RPC.

import type { Accounts } from "../../accounts/accounts.ts";
import type { systemMethods } from "../../contract/rpc/areas/system.ts";
import type { ResultOf } from "../../contract/rpc/table.ts";
import { explainSettings } from "../../contract/settings/explain.ts";
import type { ResolvedSettings } from "../../contract/settings/resolve.ts";
import type { Clock } from "../../kit/clock.ts";
import type { Keys } from "../../keys/keys.ts";
import { accountState } from "../account-state.ts";
import type { SettingsPort } from "../settings-port.ts";
import type { Handlers } from "../handler.ts";
import { done, failed, toSeconds } from "../handler.ts";

/** What is known of the process by those that composed it. */
export interface ProcessFacts {
  readonly pid: number | null;
  /** Epoch ms. */
  readonly startedAt: number | null;
  readonly serviceUrl: string | null;
  readonly webUrl: string | null;
}

export interface SystemDeps {
  readonly version: string;
  readonly dataDirectory: string;
  readonly databasePath: string;
  readonly process: () => ProcessFacts;
  readonly accounts: Pick<Accounts, "list">;
  readonly keys: Pick<Keys, "list">;
  readonly settings: {
    readonly resolved: ResolvedSettings;
    readonly pendingRestart: readonly string[];
    readonly set: SettingsPort["set"];
  };
  readonly clock: Clock;
}

export function systemHandlers(deps: SystemDeps): Handlers<keyof typeof systemMethods> {
  const { version, dataDirectory, databasePath, accounts, keys, settings, clock } = deps;
  return {
    initialize: async () => done({ server_name: "codexmanager-service", version }),
    "system/status": async () => {
      const { pid, startedAt, serviceUrl, webUrl } = deps.process();
      return done({
        version,
        pid,
        startedAt: toSeconds(startedAt),
        uptimeSeconds: startedAt === null ? null : Math.floor((clock.now() - startedAt) / 1000),
        serviceUrl,
        webUrl,
        dataDirectory,
        databasePath,
        accounts: await countAccounts(accounts, clock.now()),
        platformKeys: (await keys.list()).length,
        warnings: [...settings.resolved.warnings],
        pendingRestart: [...settings.pendingRestart],
      });
    },
    "settings/explain": async () => done({ items: [...explainSettings(settings.resolved)] }),
    "settings/set": async ({ key, value }) => {
      const result = await settings.set(key, value);
      return result.ok ? done({ key, needsRestart: result.needsRestart }) : failed(result.message);
    },
  };
}

async function countAccounts(
  accounts: Pick<Accounts, "list">,
  now: number,
): Promise<ResultOf<"system/status">["accounts"]> {
  const all = await accounts.list();
  const byState: Record<string, number> = {};
  for (const account of all) {
    const { state } = accountState(account, now);
    byState[state] = (byState[state] ?? 0) + 1;
  }
  return { total: all.length, byState };
}
