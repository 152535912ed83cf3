// POST /oauth/token and /oauth/revoke of the simulated issuer.

import { apiError, type Answer } from "./answer.ts";
import { meet } from "./admit.ts";
import type { Login, RefreshRefusal } from "./credentials.ts";
import type { Exchange } from "./exchange.ts";
import { CODEX_CLIENT_ID } from "./token.ts";
import type { WorldState } from "./world-state.ts";

const TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";

/** Bodies as reported in public bug trackers, 2026. An unknown refresh token is answered as "token_expired". */
export const REFRESH_REFUSALS: Readonly<Record<RefreshRefusal, Answer>> = {
  reused: apiError(401, {
    message: "Your refresh token has already been used to generate a new access token. Please try signing in again.",
    code: "refresh_token_reused",
  }),
  expired: apiError(401, {
    message: "Could not validate your refresh token. Please try signing in again.",
    code: "refresh_token_expired",
  }),
  invalidated: apiError(401, {
    message: "Your session has ended. Please log in again.",
    code: "refresh_token_invalidated",
  }),
  unknown: apiError(401, {
    message: "Could not validate your token. Please try signing in again.",
    code: "token_expired",
  }),
};

/** The fields of a JSON or form body. */
export function tokenFields(exchange: Exchange): Record<string, string> {
  const source = exchange.header("content-type")?.includes("application/x-www-form-urlencoded")
    ? Object.fromEntries(new URLSearchParams(exchange.body.toString()))
    : (exchange.json ?? {});
  return Object.fromEntries(
    Object.entries(source).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

export async function answerToken(exchange: Exchange, state: WorldState): Promise<void> {
  const fields = tokenFields(exchange);
  if (fields["grant_type"] === "refresh_token") return refresh(exchange, state, fields);
  if (fields["grant_type"] === "authorization_code") return exchange.send(state.signIn.redeem(fields));
  if (fields["grant_type"] === TOKEN_EXCHANGE) return exchange.send(state.signIn.exchange(fields));
  exchange.send({
    status: 400,
    body: { error: "unsupported_grant_type", error_description: `Unknown grant type ${fields["grant_type"] ?? ""}` },
  });
}

async function refresh(exchange: Exchange, state: WorldState, fields: Record<string, string>): Promise<void> {
  const fault = state.hostFaults.take("token") ?? exchange.account?.faults.take("token") ?? null;
  if (fault && fault.kind !== "lost-answer" && (await meet(exchange, state, fault)) === "over") return;
  if (fields["client_id"] !== CODEX_CLIENT_ID) {
    return exchange.send({ status: 400, body: { error: "invalid_client", error_description: "Unknown client" } });
  }
  if (!fields["refresh_token"]) {
    const message =
      "Invalid 'refresh_token': empty string. Expected a string with minimum length 1, but got an empty string instead.";
    return exchange.send(apiError(400, { message, param: "refresh_token", code: "empty_string" }));
  }
  const result = state.credentials.rotate(fields["refresh_token"], state.clock.now());
  if (!result.ok) return exchange.send(REFRESH_REFUSALS[result.refusal]);
  result.account.adopt(result.login);
  result.account.counts.refreshes += 1;
  if (fault?.kind === "lost-answer") await meet(exchange, state, fault);
  else exchange.send(tokenAnswer(result.login, result.account.accessTokenLifeMs));
}

export function tokenAnswer(login: Login, lifeMs: number): Answer {
  return {
    status: 200,
    body: {
      access_token: login.accessToken,
      id_token: login.idToken,
      refresh_token: login.refreshToken,
      token_type: "Bearer",
      expires_in: Math.floor(lifeMs / 1000),
      scope: "openid profile email offline_access",
    },
  };
}

/** RFC 7009: unknown tokens are answered like known ones. */
export function answerRevoke(exchange: Exchange, state: WorldState): void {
  state.credentials.revoke(tokenFields(exchange)["token"] ?? "");
  exchange.send({ status: 200, body: {} });
}
