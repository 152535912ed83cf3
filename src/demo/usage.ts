// What the backend says about an account: its usage and its workspaces.

import type { DemoAccount } from "./account.ts";
import { admit } from "./admit.ts";
import type { Exchange } from "./exchange.ts";
import type { WindowReading } from "./windows.ts";
import type { WorldState } from "./world-state.ts";

/** GET /backend-api/wham/usage */
export async function answerUsage(exchange: Exchange, state: WorldState): Promise<void> {
  const admitted = await admit(exchange, state, "usage");
  if (!admitted) return;
  admitted.account.counts.usageReads += 1;
  exchange.send({ status: 200, body: usageBody(admitted.account, state.clock.now()) });
}

/** GET /backend-api/wham/accounts/check: Codex sends no model request to the default backend until this succeeds. */
export async function answerAccountsCheck(exchange: Exchange, state: WorldState): Promise<void> {
  const admitted = await admit(exchange, state, "accounts");
  if (!admitted) return;
  const { account } = admitted;
  const isPersonal = !["team", "business", "enterprise", "edu"].includes(account.plan);
  const entry = {
    id: account.accountId,
    account_user_id: `${account.userId}__${account.accountId}`,
    structure: isPersonal ? "personal" : "workspace",
    plan_type: account.plan,
    name: isPersonal ? null : `${account.name} workspace`,
    profile_picture_url: null,
    account_user_role: "account-owner",
    can_access_with_session: true,
    sso_connection_name: null,
    is_deactivated: account.standing !== "good",
    is_fedramp_compliant_workspace: false,
    workspace_backend_origin: "NO_CONSTRAINT",
    account_routing_override: "NO_CONSTRAINT",
  };
  const ordering = [account.accountId];
  exchange.send({
    status: 200,
    body: { accounts: [entry], default_account_id: account.accountId, account_ordering: ordering },
  });
}

function usageBody(account: DemoAccount, now: number): object {
  return {
    user_id: account.userId,
    account_id: account.accountId,
    email: account.email,
    plan_type: account.plan,
    rate_limit: usageLimits(account.windows(), now),
    credits: { has_credits: account.creditBalance > 0, unlimited: false, balance: account.creditBalance.toFixed(2) },
    rate_limit_reset_credits: { available_count: account.resetCredits.available },
    additional_rate_limits: account.families().map(({ name, title, windows }) => ({
      limit_name: title,
      metered_feature: `codex_${name.replaceAll("-", "_")}`,
      rate_limit: usageLimits(windows, now),
    })),
  };
}

function usageLimits(windows: readonly WindowReading[], now: number): object {
  const isExhausted = windows.some(({ usedPercent }) => usedPercent >= 100);
  const [primary, secondary] = windows;
  return {
    allowed: !isExhausted,
    limit_reached: isExhausted,
    primary_window: usageWindow(primary, now),
    secondary_window: usageWindow(secondary, now),
  };
}

function usageWindow(window: WindowReading | undefined, now: number): object | null {
  if (!window) return null;
  return {
    used_percent: Math.round(window.usedPercent),
    limit_window_seconds: window.lengthMinutes * 60,
    reset_after_seconds: Math.max(0, Math.ceil((window.resetsAt - now) / 1000)),
    reset_at: Math.floor(window.resetsAt / 1000),
  };
}
