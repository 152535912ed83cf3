// The upstream side of a simulated run: accounts, the issuer of their tokens, and the troubles of the moment.

import type { RefreshAnswer } from "../../src/upstream/chatgpt/issuer.ts";
import type { TroubleName, TroubleWish } from "./step.ts";
import { nameInToken, type UpstreamAccount } from "./upstream-account.ts";

interface Trouble extends TroubleWish {
  readonly endsAt: number;
  left: number;
}

export class World {
  readonly accounts = new Map<string, UpstreamAccount>();
  readonly #troubles = new Set<Trouble>();
  readonly #spentRefreshTokens = new Set<string>();
  /** When the issuer has last failed to answer for an account, in true time. */
  readonly issuerFailedAt = new Map<string, number>();
  /** When a trouble of the whole host was last in force, in true time. */
  hostTroubledAt = Number.NEGATIVE_INFINITY;
  /** Set by the first refresh token that is shown twice. */
  reusedRefreshToken: string | null = null;

  begin(wish: TroubleWish, now: number): void {
    const account = wish.name === null ? undefined : this.accounts.get(wish.name);
    switch (wish.what) {
      case "spent":
        return account?.useUp();
      case "revoked":
        return account?.revokeAccess();
      case "login_dead":
        if (account !== undefined) account.isLoginDead = true;
        return account?.revokeAccess();
      case "closed":
        if (account !== undefined) account.isClosed = true;
        return;
      default:
        this.#troubles.add({ ...wish, endsAt: now + wish.lastsMs, left: wish.times });
    }
  }

  /** Whether the trouble is in force for the account. `counts` uses one of its strokes up. */
  suffers(what: TroubleName, name: string, now: number, counts = false): boolean {
    for (const trouble of this.#troubles) {
      if (trouble.endsAt <= now || trouble.left <= 0) {
        this.#troubles.delete(trouble);
        continue;
      }
      if (trouble.what !== what || (trouble.name !== null && trouble.name !== name)) continue;
      if (counts) trouble.left -= 1;
      return true;
    }
    return false;
  }

  get isCalm(): boolean {
    return this.#troubles.size === 0;
  }

  isHealed = false;

  /** All that was wrong is over, but for accounts that are closed. */
  heal(): void {
    this.isHealed = true;
    this.#troubles.clear();
    for (const account of this.accounts.values()) account.resetEarly();
  }

  /** The truth about whether a new try with this account would be served now. */
  couldServe(account: UpstreamAccount, model: string, now: number): boolean {
    const troubles = [
      "unreachable",
      "silence",
      "server_error",
      "challenge",
      "overload",
      "burst",
      "truncated",
      "denied",
    ];
    if (troubles.some((what) => this.suffers(what as TroubleName, account.name, now))) return false;
    const hasToken = account.accepts(account.accessToken, now) || this.wouldRenew(account, now);
    return hasToken && !account.isClosed && account.has(model) && account.spentUntil(now) === null;
  }

  /** The issuer has answered for the account at this very moment. */
  hasJustSpoken(name: string, now: number): boolean {
    return this.accounts.get(name)?.issuedAt === now || this.issuerFailedAt.get(name) === now;
  }

  wouldRenew(account: UpstreamAccount, now: number): boolean {
    return !account.isLoginDead && !this.suffers("issuer_down", account.name, now);
  }

  /** What the issuer says to a refresh token, each of which it takes once. */
  refresh(refreshToken: string, now: number): RefreshAnswer {
    const name = nameInToken(refreshToken);
    const account = this.accounts.get(name);
    if (this.suffers("issuer_down", name, now)) {
      this.issuerFailedAt.set(name, now);
      return { kind: "unreachable", message: "the issuer does not answer" };
    }
    if (this.#spentRefreshTokens.has(refreshToken)) this.reusedRefreshToken ??= refreshToken;
    if (account === undefined || account.isLoginDead || refreshToken !== account.refreshToken) {
      return { kind: "refused", state: "sign_in", code: "refresh_token_reused" };
    }
    this.#spentRefreshTokens.add(refreshToken);
    account.issueTokens(now);
    const { accessToken, tokenLifeMs } = account;
    return { kind: "renewed", accessToken, refreshToken: account.refreshToken, idToken: null, lifeMs: tokenLifeMs };
  }
}
