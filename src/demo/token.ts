// Tokens as the real issuer hands them out: well-formed JWTs with its claims. They are not signed; nobody checks.

import { createHash } from "node:crypto";

/** The public client id of the Codex CLI. */
export const CODEX_CLIENT_ID = "app_EMoamEEZ73f0CkXaXp7hrann";

const ISSUER = "https://auth.openai.com";
const HEADER = encode({ alg: "RS256", kid: "demo", typ: "JWT" });
const SIGNATURE = Buffer.from("not a signature: this token comes from the simulated world").toString("base64url");

export interface TokenSubject {
  readonly userId: string;
  readonly accountId: string;
  readonly email: string;
  readonly plan: string;
}

/** `issuedAt` and `expiresAt` are epoch ms; `serial` makes every token unique. */
export interface TokenTerms {
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly serial: number;
}

export function accessToken(subject: TokenSubject, terms: TokenTerms): string {
  return jwt({
    aud: ["https://api.openai.com/v1"],
    client_id: CODEX_CLIENT_ID,
    ...commonClaims(subject, terms),
    jti: `demo-${terms.serial}`,
    scp: ["openid", "profile", "email", "offline_access"],
    "https://api.openai.com/profile": { email: subject.email, email_verified: true },
  });
}

export function idToken(subject: TokenSubject, terms: TokenTerms): string {
  return jwt({
    aud: [CODEX_CLIENT_ID],
    ...commonClaims(subject, terms),
    email: subject.email,
    email_verified: true,
    name: subject.email.split("@")[0],
  });
}

/** A stable UUID for a word, so that every run of the world has the same identities. */
export function stableUuid(word: string): string {
  const hex = createHash("sha256").update(word).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Whether the text has the three parts of a JWT with a JSON object in the middle. */
export function looksLikeJwt(token: string): boolean {
  const parts = token.split(".");
  if (parts.length !== 3) return false;
  try {
    const claims: unknown = JSON.parse(Buffer.from(parts[1] ?? "", "base64url").toString());
    return typeof claims === "object" && claims !== null;
  } catch {
    return false;
  }
}

function commonClaims(subject: TokenSubject, terms: TokenTerms): Record<string, unknown> {
  return {
    iss: ISSUER,
    iat: Math.floor(terms.issuedAt / 1000),
    exp: Math.floor(terms.expiresAt / 1000),
    sub: `auth0|${subject.userId}`,
    "https://api.openai.com/auth": {
      chatgpt_account_id: subject.accountId,
      chatgpt_plan_type: subject.plan,
      chatgpt_user_id: subject.userId,
      user_id: subject.userId,
      chatgpt_subscription_active_start: "2026-01-01T00:00:00+00:00",
      chatgpt_subscription_active_until: "2027-01-01T00:00:00+00:00",
      organizations: [{ id: `org-${subject.userId}`, is_default: true, role: "owner", title: "Personal" }],
      groups: [],
    },
  };
}

function jwt(claims: Record<string, unknown>): string {
  return `${HEADER}.${encode(claims)}.${SIGNATURE}`;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
