// What Codex asks its backend about the account it believes to have, answered for all accounts that the platform key
// may use, as if they were one.
// Facts: shapes as Codex 0.169 reads them: windows in whole percent and seconds, instants in epoch seconds.

import { hash } from "node:crypto";
import type { PoolAccount, Window } from "../../pool/account.ts";
import { combineQuota, type CombinedLimits } from "../../pool/combined-quota.ts";
import { passes } from "../../pool/filter.ts";
import type { AdmittedKey } from "../ports.ts";
import type { Aside, Asked } from "./aside.ts";

/** Codex asks below `/wham` where the address it was given contains `/backend-api`, else below `/api/codex`. */
const PREFIX = String.raw`^(?:(?:\/backend-api)?\/wham|\/api\/codex)`;

export const codexAccountAsides: readonly Aside[] = [
  { path: new RegExp(`${PREFIX}\\/usage$`), name: "/wham/usage", methods: ["GET"], answer: usage },
  {
    path: new RegExp(`${PREFIX}\\/accounts\\/check$`),
    name: "/wham/accounts/check",
    methods: ["GET"],
    answer: accountsCheck,
  },
  // No settings are kept here: Codex goes by its own defaults.
  {
    path: new RegExp(`${PREFIX}\\/settings\\/user$`),
    name: "/wham/settings/user",
    methods: ["GET"],
    answer: () => ({}),
  },
];

const UNKNOWN_PLAN = "free";

function usage({ key, parts }: Asked): object {
  const now = parts.clock.now();
  const quota = combineQuota(accountsOf(key, parts.roster.inOrder), now);
  const { plan, credits, resetCredits, others } = quota;
  return {
    plan_type: plan ?? UNKNOWN_PLAN,
    rate_limit: limitsOf(quota, now),
    credits: credits && {
      has_credits: credits.hasCredits,
      unlimited: credits.isUnlimited,
      balance: credits.balance,
    },
    rate_limit_reset_credits: { available_count: resetCredits },
    additional_rate_limits: [...others].map(([family, limits]) => ({
      limit_name: family,
      metered_feature: family,
      rate_limit: limitsOf(limits, now),
    })),
  };
}

function limitsOf({ windows: [first, second], isLimitReached }: CombinedLimits, now: number): object {
  return {
    allowed: !isLimitReached,
    limit_reached: isLimitReached,
    primary_window: windowOf(first, now),
    secondary_window: windowOf(second, now),
  };
}

/** A window whose reset nobody knows begins now. */
function windowOf(window: Window | undefined, now: number): object | null {
  if (window === undefined) return null;
  const { minutes, usedPercent, resetsAt } = window;
  const resetAt = Math.ceil((resetsAt ?? now + minutes * 60_000) / 1000);
  return {
    // 100 says that nothing is left.
    used_percent: usedPercent >= 100 ? 100 : Math.min(99, Math.round(usedPercent)),
    limit_window_seconds: minutes * 60,
    reset_after_seconds: Math.max(0, Math.ceil(resetAt - now / 1000)),
    reset_at: resetAt,
  };
}

/**
 * Codex sends no request before it has found its account here, and goes where the entry says: nowhere else. The account
 * is the one that the client's own login is for, since it looks for no other.
 */
function accountsCheck({ call, key, parts }: Asked): object {
  const own = call.request.headers["chatgpt-account-id"];
  const id = typeof own === "string" && own !== "" ? own : accountIdOf(key);
  const { plan } = combineQuota(accountsOf(key, parts.roster.inOrder), parts.clock.now());
  const entry = {
    id,
    account_user_id: `codexmanager__${id}`,
    structure: "personal",
    plan_type: plan ?? UNKNOWN_PLAN,
    name: null,
    profile_picture_url: null,
    account_user_role: "account-owner",
    can_access_with_session: true,
    sso_connection_name: null,
    is_deactivated: false,
    is_fedramp_compliant_workspace: false,
    workspace_backend_origin: "NO_CONSTRAINT",
    account_routing_override: "NO_CONSTRAINT",
  };
  return { accounts: [entry], default_account_id: id, account_ordering: [id] };
}

function accountsOf({ filter }: AdmittedKey, accounts: readonly PoolAccount[]): readonly PoolAccount[] {
  return accounts.filter((account) => account.providerId === null && passes(account, filter));
}

/** For clients that name no account: the same for a key each time, in the form of the real ones. */
function accountIdOf({ id }: AdmittedKey): string {
  const digest = hash("sha256", `account of ${id}`);
  const parts = [digest.slice(0, 8), digest.slice(8, 12), `4${digest.slice(13, 16)}`, `8${digest.slice(17, 20)}`];
  return [...parts, digest.slice(20, 32)].join("-");
}
