// The access token to send for each account, renewed in time. What renewing is, and in which process, is `Rotation`'s.

import type { Failure } from "../contract/failure.ts";
import type { Clock } from "../kit/clock.ts";
import type { Credentials } from "../store/credential-rows.ts";
import type { Store } from "../store/open-store.ts";
import type { AccountSource } from "./account-source.ts";
import { createRenewals } from "./renewals.ts";
import type { Rotation } from "./renewals.ts";
import type { RotationOutcome } from "./rotation/rotate.ts";

export interface AccessToken {
  readonly accountId: string;
  readonly value: string;
  /** Epoch ms; null when the token does not say. */
  readonly expiresAt: number | null;
}

export type TokenResult =
  | { readonly ok: true; readonly token: AccessToken }
  | { readonly ok: false; readonly failure: Failure };

export interface Tokens {
  /** The token to send now, renewed first when it has less than five minutes left. */
  current(accountId: string): Promise<TokenResult>;
  /** A token other than `rejected`. It is on disk before it is returned. */
  renew(accountId: string, rejected: AccessToken): Promise<TokenResult>;
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
  const held = new Map<string, Credentials>();
  const renewals = createRenewals(rotation, clock);
  source.onChange((accountId) => {
    held.delete(accountId);
    renewals.wake(accountId);
  });

  async function read(accountId: string): Promise<Credentials | null> {
    const credentials = await store.credentials.find(accountId);
    if (credentials) held.set(accountId, credentials);
    else held.delete(accountId);
    return credentials;
  }

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
    const code = outcome.kind === "refused" ? outcome.refusal.code : "access_token_expired";
    const known = source.find(accountId)?.facts.login;
    if (known && (known.state !== state || known.code !== code)) {
      source.changeFacts(accountId, (facts) => ({ ...facts, login: { state, code, since: clock.now() } }));
    }
    return { ok: false, failure: loginFailure(source.find(accountId)?.label ?? accountId, state, code) };
  }

  async function serve(credentials: Credentials): Promise<TokenResult> {
    const now = clock.now();
    if (!isDue(credentials, now)) return succeeded(credentials);
    const isUsable = credentials.expiresAt === null || credentials.expiresAt > now;
    if (isUsable && credentials.tokens.refreshToken === null) return succeeded(credentials);
    const result = await replace(credentials);
    return result.ok || !isUsable || result.failure.class === "credential" ? result : succeeded(credentials);
  }

  return {
    async current(accountId) {
      const credentials = held.get(accountId) ?? (await read(accountId));
      return credentials ? serve(credentials) : failed(accountId, { kind: "unrenewable" });
    },
    async renew(accountId, rejected) {
      const credentials = await read(accountId);
      if (!credentials) return failed(accountId, { kind: "unrenewable" });
      return credentials.tokens.accessToken === rejected.value ? replace(credentials) : serve(credentials);
    },
  };
}

function isDue({ expiresAt, refreshedAt }: Credentials, now: number): boolean {
  if (expiresAt !== null) return expiresAt - now < renewBeforeMs;
  return refreshedAt !== null && now - refreshedAt > longestAgeMs;
}

function succeeded({ accountId, tokens, expiresAt }: Credentials): TokenResult {
  return { ok: true, token: { accountId, value: tokens.accessToken, expiresAt } };
}

function loginFailure(label: string, state: Exclude<LoginState, "ok">, code: string): Failure {
  const blame = { class: "credential", scope: "account", retry: "next" } as const;
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
