// Who is asking: the access token and the workspace header, refused the way the real backend refuses them.

import type { DemoAccount } from "./account.ts";
import { authError, detail, type Answer } from "./answer.ts";
import type { Credentials } from "./credentials.ts";
import type { Exchange } from "./exchange.ts";
import { looksLikeJwt } from "./token.ts";

export type Authorization =
  | { readonly ok: true; readonly account: DemoAccount }
  | { readonly ok: false; readonly account: DemoAccount | null; readonly answer: Answer };

/** Bodies as reported in public bug trackers of openai/codex and of gateways, 2026. */
export const REFUSALS = {
  unauthorized: detail(401, "Unauthorized"),
  unparsable: detail(401, "Could not parse your authentication token. Please try signing in again."),
  invalidated: authError(
    401,
    "Your authentication token has been invalidated. Please try signing in again.",
    "token_invalidated",
  ),
  expired: authError(401, "Provided authentication token is expired. Please try signing in again.", "token_expired"),
  deactivated: authError(
    401,
    "Your OpenAI account has been deactivated, please check your email for more information. If you feel this is an error, contact us through our help center at help.openai.com.",
    "account_deactivated",
  ),
  workspaceDeactivated: detail(402, { code: "deactivated_workspace" }),
  workspaceDenied: detail(403, { code: "codex_workspace_access_denied" }),
  wrongWorkspace: detail(403, { code: "invalid_workspace_selected" }),
} as const satisfies Record<string, Answer>;

export function authorize(exchange: Exchange, credentials: Credentials, now: number): Authorization {
  const token = /^Bearer (\S+)$/i.exec(exchange.header("authorization") ?? "")?.[1];
  if (!token) return { ok: false, account: null, answer: REFUSALS.unauthorized };
  const record = credentials.access(token);
  if (!record) {
    return { ok: false, account: null, answer: looksLikeJwt(token) ? REFUSALS.invalidated : REFUSALS.unparsable };
  }
  const { account } = record;
  const refuse = (answer: Answer): Authorization => ({ ok: false, account, answer });
  if (account.standing === "deactivated") return refuse(REFUSALS.deactivated);
  if (record.isInvalidated) return refuse(REFUSALS.invalidated);
  if (record.expiresAt <= now) return refuse(REFUSALS.expired);
  const workspace = exchange.header("chatgpt-account-id");
  if (workspace !== undefined && workspace !== account.accountId) return refuse(REFUSALS.wrongWorkspace);
  if (account.standing === "workspace-deactivated") return refuse(REFUSALS.workspaceDeactivated);
  return { ok: true, account };
}
