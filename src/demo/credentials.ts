// Every token the world has issued and what has become of it. Refresh tokens are single use and rotate.

import type { DemoAccount } from "./account.ts";
import { accessToken, idToken } from "./token.ts";

export interface Login {
  readonly idToken: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

type RefreshState = "live" | "used" | "expired" | "invalidated";

interface RefreshRecord {
  readonly account: DemoAccount;
  readonly family: number;
  state: RefreshState;
}

interface AccessRecord {
  readonly account: DemoAccount;
  /** Epoch ms. */
  expiresAt: number;
  isInvalidated: boolean;
}

export type RefreshRefusal = "reused" | "expired" | "invalidated" | "unknown";

export class Credentials {
  readonly #access = new Map<string, AccessRecord>();
  readonly #refresh = new Map<string, RefreshRecord>();
  readonly #revokesFamilyOnReuse: boolean;
  #serial = 0;

  constructor(options: { revokesFamilyOnReuse: boolean }) {
    this.#revokesFamilyOnReuse = options.revokesFamilyOnReuse;
  }

  /** A fresh sign-in: a new family of refresh tokens. */
  issue(account: DemoAccount, now: number): Login {
    return this.#issue(account, now, ++this.#serial);
  }

  /** Trades a refresh token for the next login of its family; the token is spent. */
  rotate(
    refreshToken: string,
    now: number,
  ): { ok: true; account: DemoAccount; login: Login } | { ok: false; refusal: RefreshRefusal } {
    const record = this.#refresh.get(refreshToken);
    if (!record) return { ok: false, refusal: "unknown" };
    if (record.state === "used") {
      if (this.#revokesFamilyOnReuse) this.#endFamily(record.family);
      return { ok: false, refusal: "reused" };
    }
    if (record.state !== "live") return { ok: false, refusal: record.state };
    record.state = "used";
    return { ok: true, account: record.account, login: this.#issue(record.account, now, record.family) };
  }

  access(token: string): AccessRecord | undefined {
    return this.#access.get(token);
  }

  ownerOfRefreshToken(token: string): DemoAccount | undefined {
    return this.#refresh.get(token)?.account;
  }

  /** Marks the account's refresh tokens that are still good. */
  spoilRefresh(account: DemoAccount, state: Exclude<RefreshState, "live">): void {
    for (const record of this.#refresh.values()) {
      if (record.account === account && record.state === "live") record.state = state;
    }
  }

  /** Marks all access tokens of the account as of this moment. */
  spoilAccess(account: DemoAccount, how: "expired" | "invalidated", now: number): void {
    for (const record of this.#access.values()) {
      if (record.account !== account) continue;
      if (how === "invalidated") record.isInvalidated = true;
      else record.expiresAt = Math.min(record.expiresAt, now);
    }
  }

  /** The family of either kind of token is over. False when the token is unknown. */
  revoke(token: string): boolean {
    const refresh = this.#refresh.get(token);
    if (refresh) this.#endFamily(refresh.family);
    const access = this.#access.get(token);
    if (access) access.isInvalidated = true;
    return Boolean(refresh ?? access);
  }

  #issue(account: DemoAccount, now: number, family: number): Login {
    const serial = ++this.#serial;
    const terms = { issuedAt: now, expiresAt: now + account.accessTokenLifeMs, serial };
    const login = {
      idToken: idToken(account, { ...terms, expiresAt: now + 3_600_000 }),
      accessToken: accessToken(account, terms),
      refreshToken: `rt_demo_${account.name}_${serial}`,
    };
    this.#access.set(login.accessToken, { account, expiresAt: terms.expiresAt, isInvalidated: false });
    this.#refresh.set(login.refreshToken, { account, family, state: "live" });
    return login;
  }

  #endFamily(family: number): void {
    for (const record of this.#refresh.values()) {
      if (record.family === family && record.state === "live") record.state = "invalidated";
    }
  }
}
