// Renews the tokens of one login: claim, exchange, commit. Whoever calls it, in whichever process, the issuer sees each
// refresh token once: the claim is a row of the store, and those who come second wait for the first one's result.

import type { Clock } from "../../kit/clock.ts";
import { pause } from "../../kit/clock.ts";
import { claimInstant, readClaims } from "../../kit/jwt.ts";
import type { Claim, Credentials, NewCredentials, Refusal } from "../../store/credential-rows.ts";
import type { Store } from "../../store/open-store.ts";
import type { Issuer, RefreshAnswer } from "../../upstream/chatgpt/issuer.ts";

export type RotationOutcome =
  /** Newer tokens than those the caller knew are in the store, by whomever. */
  | { readonly kind: "renewed" }
  /** Final until new tokens are brought by a person. */
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** Nothing was learned about the login. */
  | { readonly kind: "unreachable"; readonly message: string }
  /** The account is gone, or has nothing to renew with. */
  | { readonly kind: "unrenewable" };

export interface RotateOptions {
  readonly store: Store;
  readonly issuer: Issuer;
  readonly clock: Clock;
  /** Names this process and no other. */
  readonly owner: string;
}

/** Longer than an exchange and its commit can take; after it, the claim of a dead process counts for nothing. */
export const claimMs = 45_000;
const patienceMs = claimMs + 5_000;
const pollMs = 50;
const commitRetries = 20;
const commitRetryMs = 500;

/** `seen` is the generation of the tokens the caller wants to be rid of. */
export async function rotate(options: RotateOptions, accountId: string, seen: number): Promise<RotationOutcome> {
  const { store, clock, owner } = options;
  const giveUpAt = clock.now() + patienceMs;
  for (;;) {
    const credentials = await store.credentials.find(accountId);
    if (!credentials || credentials.tokens.refreshToken === null) return { kind: "unrenewable" };
    if (credentials.generation !== seen) return { kind: "renewed" };
    if (credentials.refusal) return { kind: "refused", refusal: credentials.refusal };
    const claim = { accountId, generation: seen, owner };
    const now = clock.now();
    if (await store.credentials.claim(claim, now, now + claimMs)) {
      return exchange(options, claim, credentials, credentials.tokens.refreshToken);
    }
    if (now >= giveUpAt) return { kind: "unreachable", message: "another process does not finish renewing this login" };
    await pause(clock, pollMs);
  }
}

async function exchange(
  { store, issuer, clock }: RotateOptions,
  claim: Claim,
  credentials: Credentials,
  refreshToken: string,
): Promise<RotationOutcome> {
  const answer = await issuer.refresh(claim.accountId, refreshToken);
  if (answer.kind === "renewed") {
    const renewed = merge(credentials, answer, clock.now());
    return (await commit(() => store.credentials.rotate(claim, renewed), clock)) ?? { kind: "renewed" };
  }
  const refusal = answer.kind === "refused" ? { state: answer.state, code: answer.code, at: clock.now() } : null;
  const failure = await commit(() => store.credentials.release(claim, refusal), clock);
  if (failure) return failure;
  if (refusal && (await isReplaced(store, claim))) return { kind: "renewed" };
  return answer.kind === "refused" ? { kind: "refused", refusal: refusal! } : answer;
}

/** Whether a person has brought other tokens meanwhile, of which a refusal of the old ones says nothing. */
async function isReplaced(store: Store, { accountId, generation }: Claim): Promise<boolean> {
  const credentials = await store.credentials.find(accountId);
  return credentials !== null && credentials.generation !== generation;
}

/** The old refresh token is spent, so a store that fails for a moment (full, busy) is asked again before giving up. */
async function commit(write: () => Promise<unknown>, clock: Clock): Promise<RotationOutcome | null> {
  for (let attempt = 1; ; attempt++) {
    try {
      await write();
      return null;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (attempt >= commitRetries)
        return { kind: "unreachable", message: `renewed tokens cannot be stored: ${reason}` };
      await pause(clock, commitRetryMs);
    }
  }
}

/** Every field of the answer is optional: what is missing stays as it was. */
function merge(old: Credentials, answer: RefreshAnswer & { kind: "renewed" }, now: number): NewCredentials {
  const told = answer.lifeMs === null ? null : now + answer.lifeMs;
  const expiresAt = answer.accessToken ? (claimInstant(readClaims(answer.accessToken), "exp") ?? told) : old.expiresAt;
  return {
    tokens: {
      accessToken: answer.accessToken ?? old.tokens.accessToken,
      refreshToken: answer.refreshToken ?? old.tokens.refreshToken,
      idToken: answer.idToken ?? old.tokens.idToken,
    },
    expiresAt,
    refreshedAt: now,
  };
}
