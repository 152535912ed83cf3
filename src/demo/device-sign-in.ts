// Device sign-in: a code to type in, and a poll that waits for the person to approve it.

import type { DemoAccount } from "./account.ts";
import { apiError } from "./answer.ts";
import type { Exchange } from "./exchange.ts";
import { tokenFields } from "./issuer.ts";
import { challengeOf, type SignIn } from "./sign-in.ts";
import { CODEX_CLIENT_ID } from "./token.ts";

interface Pending {
  readonly userCode: string;
  account: DemoAccount | null;
}

export class DeviceSignIn {
  readonly #signIn: SignIn;
  readonly #issuerUrl: () => string;
  readonly #pending = new Map<string, Pending>();
  /** Whether workspaces allow this way at all; without it the first call is answered 404. */
  isEnabled = true;
  #serial = 0;

  constructor(signIn: SignIn, issuerUrl: () => string) {
    this.#signIn = signIn;
    this.#issuerUrl = issuerUrl;
  }

  /** POST /api/accounts/deviceauth/usercode */
  begin(exchange: Exchange): void {
    if (!this.isEnabled || tokenFields(exchange)["client_id"] !== CODEX_CLIENT_ID) {
      return exchange.send(apiError(404, { message: "Device sign-in is not enabled.", code: "not_found" }));
    }
    const serial = ++this.#serial;
    const userCode = `DEMO-${String(serial).padStart(4, "0")}`;
    this.#pending.set(`device_demo_${serial}`, { userCode, account: null });
    exchange.send({
      status: 200,
      body: { device_auth_id: `device_demo_${serial}`, user_code: userCode, interval: "1", expires_in: 900 },
    });
  }

  /** What the person does at `/codex/device`. False when nobody waits with this code. */
  approve(userCode: string, account: DemoAccount): boolean {
    const pending = [...this.#pending.values()].find((candidate) => candidate.userCode === userCode);
    if (pending) pending.account = account;
    return pending !== undefined;
  }

  /** POST /api/accounts/deviceauth/token: 403 while nobody has approved. */
  poll(exchange: Exchange): void {
    const fields = tokenFields(exchange);
    const pending = this.#pending.get(fields["device_auth_id"] ?? "");
    if (!pending || pending.userCode !== fields["user_code"]) {
      return exchange.send(apiError(404, { message: "Unknown device code.", code: "not_found" }));
    }
    if (!pending.account) {
      return exchange.send(apiError(403, { message: "Authorization is pending.", code: "authorization_pending" }));
    }
    this.#pending.delete(fields["device_auth_id"] ?? "");
    const verifier = `verifier-${pending.userCode}`;
    const challenge = challengeOf(verifier);
    const redirectUri = `${this.#issuerUrl()}/deviceauth/callback`;
    const code = this.#signIn.grant({ account: pending.account, redirectUri, challenge });
    exchange.send({
      status: 200,
      body: { authorization_code: code, code_verifier: verifier, code_challenge: challenge },
    });
  }
}
