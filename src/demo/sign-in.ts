// Browser sign-in of the simulated issuer: everybody consents at once, as the account that was chosen.

import { createHash } from "node:crypto";
import type { DemoAccount } from "./account.ts";
import type { Answer } from "./answer.ts";
import type { Credentials } from "./credentials.ts";
import type { Exchange } from "./exchange.ts";
import { tokenAnswer } from "./issuer.ts";
import { CODEX_CLIENT_ID } from "./token.ts";

interface Grant {
  readonly account: DemoAccount;
  readonly redirectUri: string;
  /** S256 challenge. */
  readonly challenge: string;
}

type FormFields = Readonly<Record<string, string>>;

export class SignIn {
  readonly #credentials: Credentials;
  readonly #now: () => number;
  readonly #grants = new Map<string, Grant>();
  #chosen: DemoAccount | null = null;
  #serial = 0;

  constructor(credentials: Credentials, now: () => number) {
    this.#credentials = credentials;
    this.#now = now;
  }

  /** The person in front of the browser from now on. */
  choose(account: DemoAccount): void {
    this.#chosen = account;
  }

  get chosen(): DemoAccount | null {
    return this.#chosen;
  }

  /** GET /oauth/authorize: consents and sends the browser back with a code. */
  authorize(exchange: Exchange): void {
    const query = exchange.query();
    const redirectUri = query.get("redirect_uri") ?? "";
    const challenge = query.get("code_challenge") ?? "";
    const isWellFormed =
      query.get("response_type") === "code" &&
      query.get("client_id") === CODEX_CLIENT_ID &&
      query.get("code_challenge_method") === "S256" &&
      /^http:\/\/(localhost|127\.0\.0\.1):\d+\/auth\/callback$/.test(redirectUri);
    if (!isWellFormed || !challenge || !this.#chosen) {
      return exchange.send(oauthError("invalid_request", "The authorization request is malformed."));
    }
    const code = this.grant({ account: this.#chosen, redirectUri, challenge });
    const target = new URL(redirectUri);
    target.searchParams.set("code", code);
    target.searchParams.set("scope", query.get("scope") ?? "");
    target.searchParams.set("state", query.get("state") ?? "");
    exchange.send({ status: 302, headers: { location: target.href }, body: "" });
  }

  /** An authorization code, good for one redemption. */
  grant(grant: Grant): string {
    const code = `ac_demo_${++this.#serial}`;
    this.#grants.set(code, grant);
    return code;
  }

  /** Grant type authorization_code. */
  redeem(fields: FormFields): Answer {
    const grant = this.#grants.get(fields["code"] ?? "");
    this.#grants.delete(fields["code"] ?? "");
    if (!grant || fields["client_id"] !== CODEX_CLIENT_ID || fields["redirect_uri"] !== grant.redirectUri) {
      return oauthError("invalid_grant", "The authorization code is invalid.");
    }
    if (challengeOf(fields["code_verifier"] ?? "") !== grant.challenge) {
      return oauthError("invalid_grant", "The code verifier does not match the challenge.");
    }
    const login = this.#credentials.issue(grant.account, this.#now());
    grant.account.adopt(login);
    return tokenAnswer(login, grant.account.accessTokenLifeMs);
  }

  /** Token exchange: an id token for an API key. */
  exchange(fields: FormFields): Answer {
    if (fields["requested_token"] !== "openai-api-key" || !fields["subject_token"]) {
      return oauthError("invalid_request", "Only an id token can be exchanged for an API key.");
    }
    return { status: 200, body: { access_token: `sk-proj-demo-${++this.#serial}` } };
  }
}

export function challengeOf(verifier: string): string {
  return createHash("sha256").update(verifier).digest("base64url");
}

function oauthError(error: string, description: string): Answer {
  return { status: 400, body: { error, error_description: description } };
}
