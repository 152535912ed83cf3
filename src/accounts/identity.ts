// Who a login belongs to. One rule for sign-in and import alike: an account is a (user id, ChatGPT account id) pair; the
// same person in two workspaces is two accounts, and two members of one workspace are two accounts.

import { createHash } from "node:crypto";
import { claimInstant, readClaims } from "../kit/jwt.ts";
import type { Claims } from "../kit/jwt.ts";
import type { ImportedLogin } from "./import-formats.ts";

export interface Identity {
  /** Our id of the account, made from the pair: the same login gets the same id on every machine. */
  readonly id: string;
  readonly userId: string;
  readonly chatgptAccountId: string | null;
  readonly workspaceId: string | null;
  readonly email: string | null;
  readonly name: string | null;
  readonly plan: string | null;
  /** Epoch ms; null when unknown. */
  readonly expiresAt: number | null;
  readonly refreshedAt: number | null;
}

/** Claim objects as ChatGPT's issuer writes them (seen with Codex CLI 0.169). */
const authClaim = "https://api.openai.com/auth";
const profileClaim = "https://api.openai.com/profile";

/** Never fails: a login whose tokens tell nothing is known by the fingerprint of its token. */
export function identify(login: ImportedLogin): Identity {
  const access = readClaims(login.tokens.accessToken);
  const claims = [login.tokens.idToken === null ? null : readClaims(login.tokens.idToken), access];
  const auth = claims.map((each) => nested(each, authClaim));
  const profile = claims.map((each) => nested(each, profileClaim));
  const chatgptAccountId = login.chatgptAccountId ?? first(auth, "chatgpt_account_id");
  const userId =
    first(auth, "chatgpt_user_id", "user_id") ??
    login.userId ??
    first(claims, "sub") ??
    (chatgptAccountId === null ? fingerprint(login) : "");
  const issuedAt = claimInstant(access, "iat");
  const refreshedAt = Math.max(issuedAt ?? 0, login.refreshedAt ?? 0) || null;
  return {
    id: accountIdOf(userId, chatgptAccountId),
    userId,
    chatgptAccountId,
    workspaceId: first(auth, "workspace_id") ?? first(claims, "workspace_id") ?? login.workspaceId,
    email: first(claims, "email") ?? first(profile, "email") ?? login.email,
    name: first(claims, "name") ?? login.name,
    plan: first(auth, "chatgpt_plan_type") ?? login.plan,
    expiresAt: claimInstant(access, "exp") ?? login.expiresAt,
    refreshedAt,
  };
}

/** The same pair has the same id on every machine. */
export function accountIdOf(userId: string, chatgptAccountId: string | null): string {
  return `acc_${hash(`${userId}\n${chatgptAccountId ?? ""}`, 16)}`;
}

function fingerprint({ tokens }: ImportedLogin): string {
  return `fp_${hash(tokens.refreshToken ?? tokens.accessToken, 12)}`;
}

function hash(text: string, digits: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, digits);
}

function nested(claims: Claims | null, name: string): Claims | null {
  const value = claims?.[name];
  return typeof value === "object" && value !== null ? (value as Claims) : null;
}

function first(places: readonly (Claims | null)[], ...names: readonly string[]): string | null {
  for (const name of names) {
    for (const place of places) {
      const value = place?.[name];
      if (typeof value === "string" && value !== "") return value;
    }
  }
  return null;
}
