// The access token to send for each account, renewed in time. What renewing is, and in which process, is `Rotation`'s.

import type { AccessToken, TokenResult } from "../upstream/access-token.ts";
import type { Failure } from "../contract/failure.ts";
import type { Clock } from "../kit/clock.ts";
import type { Credentials, DueLimits } from "../store/credential-rows.ts";
import type { Store } from "../store/open-store.ts";
import type { AccountSource } from "./account-source.ts";
import { createRenewals } from "./renewals.ts";
import type { Rotation } from "./renewals.ts";
import type { RotationOutcome } from "./rotation/rotate.ts";

export interface Tokens {
  /** The token to send now, renewed first when it has less than five minutes left. */
  current(accountId: string): Promise<TokenResult>;
  /** A token other than `rejected`. It is on disk before it is returned. */
  renew(accountId: string, rejected: AccessToken): Promise<TokenResult>;
  /** Accounts whose token has less than `aheadMs` left, the first to end first; not those the issuer has refused. */
  due(aheadMs: number): Promise<readonly string[]>;
  /** Renews a token that has less than `aheadMs` left; null when it has more, or when it cannot be renewed. */
  renewAhead(accountId: string, aheadMs: number): Promise<TokenResult | null>;
}

export interface TokensOptions {
  readonly store: Store;
  readonly source: AccountSource;
  readonly rotation: Rotation;
  readonly clock: Clock;
}

/** The Codex CLI's own rules (0.169): renew with five minutes left, or after eight days when the token tells no end. */
const renewBeforeMs = 5 * 60_000;
const longestAgeMs = 8 * 24 * 60 * 60_000;

export function createTokens({ store, source, rotation, clock }: TokensOptions): Tokens {
  const { find, read, forget } = holdCredentials(store);
  const renewals = createRenewals(rotation, clock);
  source.onChange((accountId) => {
    forget(accountId);
    renewals.wake(accountId);
  });

  /** Tokens newer than `old`, or why there are none. */
  async function replace(old: Credentials): Promise<TokenResult> {
    const { accountId } = old;
    if (old.refusal) return failed(accountId, { kind: "refused", refusal: old.refusal });
    if (old.tokens.refreshToken === null) return failed(accountId, { kind: "unrenewable" });
    const outcome = await renewals.rotate(accountId, old.generation);
    if (outcome.kind !== "renewed") return failed(accountId, outcome);
    const renewed = await read(accountId);
    return renewed ? succeeded(renewed) : failed(accountId, { kind: "unrenewable" });
  }

  function failed(accountId: string, outcome: Exclude<RotationOutcome, { kind: "renewed" }>): TokenResult {
    if (outcome.kind === "unreachable") return { ok: false, failure: unreachable(outcome.message) };
    const state = outcome.kind === "refused" ? outcome.refusal.state : "sign_in";
    const account = source.find(accountId);
    const expired = account?.providerId == null ? "access_token_expired" : "api_key_refused";
    const code = outcome.kind === "refused" ? outcome.refusal.code : expired;
    const known = account?.facts.login;
    if (known && (known.state !== state || known.code !== code)) {
      source.changeFacts(accountId, (facts) => ({ ...facts, login: { state, code, since: clock.now() } }));
    }
    return { ok: false, failure: loginFailure(account?.label ?? accountId, state, code) };
  }

  async function serve(credentials: Credentials): Promise<TokenResult> {
    const now = clock.now();
    if (!isDue(credentials, now, renewBeforeMs)) return succeeded(credentials);
    const isUsable = credentials.expiresAt === null || credentials.expiresAt > now;
    if (isUsable && credentials.tokens.refreshToken === null) return succeeded(credentials);
    const result = await replace(credentials);
    return result.ok || !isUsable || result.failure.class === "credential" ? result : succeeded(credentials);
  }

  return {
    async current(accountId) {
      const credentials = await find(accountId);
      return credentials ? serve(credentials) : failed(accountId, { kind: "unrenewable" });
    },
    async renew(accountId, rejected) {
      const credentials = await read(accountId);
      if (!credentials) return failed(accountId, { kind: "unrenewable" });
      return credentials.tokens.accessToken === rejected.value ? replace(credentials) : serve(credentials);
    },
    due: (aheadMs) => store.credentials.due(dueLimits(clock.now(), aheadMs)),
    async renewAhead(accountId, aheadMs) {
      const credentials = await find(accountId);
      if (!credentials || !isDue(credentials, clock.now(), aheadMs)) return null;
      return credentials.refusal || credentials.tokens.refreshToken === null ? null : replace(credentials);
    },
  };
}

/** Credentials that were read stay in memory until they are forgotten. */
function holdCredentials({ credentials: rows }: Store) {
  const held = new Map<string, Credentials>();
  async function read(accountId: string): Promise<Credentials | null> {
    const credentials = await rows.find(accountId);
    if (credentials) held.set(accountId, credentials);
    else held.delete(accountId);
    return credentials;
  }
  return {
    read,
    find: async (accountId: string) => held.get(accountId) ?? read(accountId),
    forget: (accountId: string) => void held.delete(accountId),
  };
}

function isDue({ expiresAt, refreshedAt }: Credentials, now: number, aheadMs: number): boolean {
  if (expiresAt !== null) return expiresAt - now < aheadMs;
  return refreshedAt !== null && now - refreshedAt > longestAgeMs;
}

/** The same for a query over all accounts. */
function dueLimits(now: number, aheadMs: number): DueLimits {
  return { expiresBefore: now + aheadMs, refreshedBefore: now - longestAgeMs };
}

function succeeded({ accountId, tokens, expiresAt }: Credentials): TokenResult {
  return { ok: true, token: { accountId, value: tokens.accessToken, expiresAt } };
}

function loginFailure(label: string, state: Exclude<LoginState, "ok">, code: string): Failure {
  const blame = { class: "credential", scope: "account", retry: "next" } as const;
  if (code === "api_key_refused") {
    return {
      code: "sign_in_required",
      ...blame,
      message: `The API key of ${label} is not accepted; give it a new one.`,
    };
  }
  if (state === "sign_in") {
    return { code: "sign_in_required", ...blame, message: `${label} has to sign in again (${code}).` };
  }
  return { code: "workspace_denied", ...blame, message: `${label} may not be used from here (${code}).` };
}

type LoginState = "ok" | "sign_in" | "no_access";

/** Says nothing about the account: the issuer, not the login, is in trouble. */
function unreachable(reason: string): Failure {
  const message = `The login could not be renewed: ${reason}.`;
  return { code: "upstream_unreachable", class: "host", scope: "host", retry: "next", message };
}
