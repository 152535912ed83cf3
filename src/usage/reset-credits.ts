// Redeems credits that empty an account's quota windows: one at a time, each under an id that is kept until the upstream has
// said what became of it. Afterwards the usage is read again, which lets a request find out whether the account serves.

import { randomUUID } from "node:crypto";

import type { AccessToken, TokenResult } from "../upstream/access-token.ts";
import type { PoolAccount } from "../pool/account.ts";
import type { RedemptionAnswer, RedemptionCode, ResetRedeemer } from "../upstream/chatgpt/reset-credits.ts";
import type { UsageRefresh } from "./refresh.ts";

export interface ResetCreditsOptions {
  readonly source: { find(accountId: string): PoolAccount | null };
  readonly tokens: {
    current(accountId: string): Promise<TokenResult>;
    renew(accountId: string, rejected: AccessToken): Promise<TokenResult>;
  };
  readonly redeemer: ResetRedeemer;
  readonly usage: Pick<UsageRefresh, "reread">;
}

export type Redeemed =
  | { readonly ok: true; readonly code: RedemptionCode; readonly windowsReset: number }
  /** Nobody knows whether a credit was spent, or none was asked for. */
  | { readonly ok: false; readonly message: string };

export interface ResetCredits {
  /**
   * Never rejects for an account's trouble. `requestId` names the redemption: the same one spends one credit, however often
   * it is asked for. Without it a new one is made up. While the end of an earlier one is not known, that one is asked for again.
   */
  redeem(accountId: string, requestId?: string): Promise<Redeemed>;
}

export function createResetCredits({ source, tokens, redeemer, usage }: ResetCreditsOptions): ResetCredits {
  /** By account: redemptions whose end is not known. */
  const open = new Map<string, string>();
  let underWay: { readonly accountId: string; readonly end: Promise<Redeemed> } | null = null;

  async function ask(account: PoolAccount, requestId: string): Promise<RedemptionAnswer> {
    const { id: accountId, chatgptAccountId } = account;
    const send = (token: AccessToken) =>
      redeemer.redeem({ accountId, accessToken: token.value, chatgptAccountId }, requestId);
    const current = await tokens.current(accountId);
    if (!current.ok) return { kind: "unreachable", message: current.failure.message };
    const answer = await send(current.token);
    if (answer.kind !== "unauthorized" || answer.status !== 401 || answer.code === "account_deactivated") return answer;
    const renewed = await tokens.renew(accountId, current.token);
    return renewed.ok ? send(renewed.token) : { kind: "unreachable", message: renewed.failure.message };
  }

  async function redeemOne(account: PoolAccount, given: string | undefined): Promise<Redeemed> {
    const requestId = open.get(account.id) ?? given ?? randomUUID();
    open.set(account.id, requestId);
    const answer = await ask(account, requestId);
    if (answer.kind === "unreachable") return { ok: false, message: answer.message };
    open.delete(account.id);
    if (answer.kind === "unauthorized") {
      const code = answer.code === null ? "" : ` ${answer.code}`;
      return { ok: false, message: `${account.label} may redeem nothing (${answer.status}${code})` };
    }
    // Whatever it said, what we knew of the account is out of date.
    await usage.reread(account.id);
    return { ok: true, code: answer.code, windowsReset: answer.windowsReset };
  }

  return {
    async redeem(accountId, requestId) {
      const account = source.find(accountId);
      if (account === null) return { ok: false, message: "account not found" };
      if (underWay?.accountId === accountId) return underWay.end;
      if (underWay !== null) return { ok: false, message: "a credit of another account is being redeemed" };
      const end = redeemOne(account, requestId).finally(() => (underWay = null));
      underWay = { accountId, end };
      return end;
    },
  };
}
