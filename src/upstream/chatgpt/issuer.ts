// Speaks to the token endpoint of a ChatGPT issuer: one refresh exchange, judged. Stores nothing and repeats nothing.

import type { Transport } from "../transport.ts";
import { fetchSmall } from "./fetch-small.ts";
import type { SmallAnswer } from "./fetch-small.ts";

/** What one refresh came to. Every token of `renewed` is optional: keep the one you have where it says null. */
export type RefreshAnswer =
  | {
      readonly kind: "renewed";
      readonly accessToken: string | null;
      readonly refreshToken: string | null;
      readonly idToken: string | null;
      /** How long the access token lives, when the answer says so. */
      readonly lifeMs: number | null;
    }
  /** Final: this refresh token is never to be sent again. */
  | { readonly kind: "refused"; readonly state: "sign_in" | "no_access"; readonly code: string }
  /** Says nothing about the login: network trouble, overload, an answer that is not the issuer's. */
  | { readonly kind: "unreachable"; readonly message: string };

export interface Issuer {
  /** Spends `refreshToken`. The account only decides over the way there. */
  refresh(accountId: string, refreshToken: string): Promise<RefreshAnswer>;
}

export interface IssuerOptions {
  readonly transport: Pick<Transport, "dispatcherFor">;
  /** E.g. `https://auth.openai.com`. */
  readonly issuerUrl: string;
  readonly clientId: string;
  readonly originator: string;
  readonly userAgent: string;
  readonly timeoutMs: number;
}

/**
 * Codes after which the Codex CLI asks for a new login, seen with 400 and with 401
 * (github.com/openai/codex, codex-rs/login, and its issue 24830).
 */
const finalCodes = new Set([
  "refresh_token_expired",
  "refresh_token_reused",
  "refresh_token_invalidated",
  "invalid_grant",
  "app_session_terminated",
  "account_session_expired",
]);
const regionCode = "unsupported_country_region_territory";

export function createIssuer(options: IssuerOptions): Issuer {
  const url = `${options.issuerUrl.replace(/\/+$/, "")}/oauth/token`;
  const { origin } = new URL(url);
  const headers = {
    accept: "application/json",
    "content-type": "application/json",
    originator: options.originator,
    "user-agent": options.userAgent,
  };
  return {
    async refresh(accountId, refreshToken) {
      const body = { client_id: options.clientId, grant_type: "refresh_token", refresh_token: refreshToken };
      const answer = await fetchSmall({
        dispatcher: options.transport.dispatcherFor(accountId, origin),
        url,
        method: "POST",
        headers,
        body: JSON.stringify(body),
        timeoutMs: options.timeoutMs,
      });
      return judge(answer);
    },
  };
}

function judge(answer: SmallAnswer): RefreshAnswer {
  if (!answer.ok) return { kind: "unreachable", message: answer.message };
  const { status, json } = answer;
  if (status === 200 && json) {
    return {
      kind: "renewed",
      accessToken: text(json["access_token"]),
      refreshToken: text(json["refresh_token"]),
      idToken: text(json["id_token"]),
      lifeMs: typeof json["expires_in"] === "number" ? json["expires_in"] * 1000 : null,
    };
  }
  const code = json && errorCode(json);
  if ((status === 400 || status === 401) && code && finalCodes.has(code)) {
    return { kind: "refused", state: "sign_in", code };
  }
  if (status === 401 && json) return { kind: "refused", state: "sign_in", code: code ?? "refresh_token_rejected" };
  if (status === 403 && code === regionCode) return { kind: "refused", state: "no_access", code };
  return { kind: "unreachable", message: `the token endpoint answered ${status}${code ? ` ${code}` : ""}` };
}

/** `{error: "code"}` as OAuth has it, or `{error: {code}}` and `{code}` as OpenAI has it. */
function errorCode(json: Readonly<Record<string, unknown>>): string | null {
  const { error, code } = json;
  if (typeof error === "object" && error !== null) return text((error as Record<string, unknown>)["code"]);
  return text(error) ?? text(code);
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
