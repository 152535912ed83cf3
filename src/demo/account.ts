// One ChatGPT login of the simulated world: who it is, what is left of its quota, and what shall go wrong with it.

import type { Credentials, Login } from "./credentials.ts";
import { FaultQueue, type Fault, type FaultTarget, type FaultTerms } from "./faults.ts";
import { hold, type Hold } from "./hold.ts";
import { PLANS, type Plan } from "./plans.ts";
import { PromptCache } from "./prompt-cache.ts";
import { type Redemption, ResetCredits } from "./reset-credits.ts";
import { stableUuid } from "./token.ts";
import { QuotaWindow, type WindowOptions, type WindowReading } from "./windows.ts";

export interface AccountOptions {
  /** Short and unique; identity and e-mail derive from it. */
  readonly name?: string;
  readonly plan?: Plan;
  readonly email?: string;
  readonly userId?: string;
  /** The workspace: `chatgpt_account_id`. */
  readonly accountId?: string;
  /** In place of the plan's windows; the first is reported as "primary". */
  readonly windows?: readonly WindowOptions[];
  /** How much one turn fills the first window; default 0.01 percent divided by the plan's capacity. */
  readonly percentPerTurn?: number;
  readonly creditBalance?: number;
  /** Quotas beside the main one. */
  readonly families?: readonly FamilyOptions[];
  /** Resets that can be redeemed; default 0. */
  readonly resetCredits?: number;
  readonly accessTokenLifeMs?: number;
}

/** A quota beside the main one; it is told, but turns do not fill it. */
export interface FamilyOptions {
  /** As in headers: `bengalfox` is told as `x-codex-bengalfox-…` and as feature `codex_bengalfox`. */
  readonly name: string;
  /** What people are shown. */
  readonly title?: string;
  /** The first is reported as "primary". */
  readonly windows: readonly WindowOptions[];
}

export interface Family {
  readonly name: string;
  readonly title: string;
  readonly windows: readonly QuotaWindow[];
}

/** What `~/.codex/auth.json` holds after a ChatGPT login (Codex 0.169). */
export interface AuthJson {
  readonly auth_mode: "chatgpt";
  readonly OPENAI_API_KEY: null;
  readonly tokens: {
    readonly id_token: string;
    readonly access_token: string;
    readonly refresh_token: string;
    readonly account_id: string;
  };
  /** RFC 3339. */
  readonly last_refresh: string;
}

export interface AccountCounts {
  /** Model requests that reached the account, refused ones included. */
  turns: number;
  /** Model requests answered to the end. */
  served: number;
  /** Model requests whose client went away before the end. */
  aborted: number;
  refreshes: number;
  usageReads: number;
}

export interface AccountWorld {
  readonly credentials: Credentials;
  now(): number;
}

const TEN_DAYS_MS = 864_000_000;

export class DemoAccount {
  readonly name: string;
  readonly email: string;
  readonly userId: string;
  readonly accountId: string;
  readonly plan: Plan;
  readonly accessTokenLifeMs: number;
  readonly creditBalance: number;
  readonly counts: AccountCounts = { turns: 0, served: 0, aborted: 0, refreshes: 0, usageReads: 0 };
  readonly promptCache = new PromptCache();
  readonly faults = new FaultQueue();
  /** Model requests being answered now. */
  openTurns = 0;
  standing: "good" | "deactivated" | "workspace-deactivated" = "good";

  readonly #world: AccountWorld;
  readonly resetCredits: ResetCredits;

  readonly #windows: readonly QuotaWindow[];
  readonly #families: readonly Family[];
  readonly #percentPerTurn: number;
  #login: Login;
  #lastRefreshAt: number;

  constructor(options: AccountOptions & { readonly name: string }, world: AccountWorld) {
    const now = world.now();
    this.name = options.name;
    this.plan = options.plan ?? "plus";
    this.email = options.email ?? `${options.name}@example.com`;
    this.userId = options.userId ?? `user-${stableUuid(`user ${this.email}`).replaceAll("-", "").slice(0, 24)}`;
    this.accountId = options.accountId ?? stableUuid(`account ${options.name}`);
    this.accessTokenLifeMs = options.accessTokenLifeMs ?? TEN_DAYS_MS;
    this.creditBalance = options.creditBalance ?? 0;
    const terms = PLANS[this.plan];
    const windows = options.windows ?? terms.windowMinutes.map((lengthMinutes) => ({ lengthMinutes }));
    this.#windows = windows.map((window) => new QuotaWindow(window, now));
    this.#families = (options.families ?? []).map(({ name, title = name, windows: each }) => ({
      name,
      title,
      windows: each.map((window) => new QuotaWindow(window, now)),
    }));
    this.resetCredits = new ResetCredits(options.resetCredits ?? 0);
    this.#percentPerTurn = options.percentPerTurn ?? 0.01 / terms.capacity;
    this.#world = world;
    this.#login = world.credentials.issue(this, now);
    this.#lastRefreshAt = now;
  }

  /** The newest login, as the Codex CLI would have stored it. */
  authJson(): AuthJson {
    return {
      auth_mode: "chatgpt",
      OPENAI_API_KEY: null,
      tokens: {
        id_token: this.#login.idToken,
        access_token: this.#login.accessToken,
        refresh_token: this.#login.refreshToken,
        account_id: this.accountId,
      },
      last_refresh: new Date(this.#lastRefreshAt).toISOString(),
    };
  }

  get login(): Login {
    return this.#login;
  }

  /** How often a refresh token of this account was traded for new tokens. */
  get refreshes(): number {
    return this.counts.refreshes;
  }

  /** A new sign-in beside those that exist; `authJson()` holds it from now on. */
  signIn(): AuthJson {
    this.adopt(this.#world.credentials.issue(this, this.#world.now()));
    return this.authJson();
  }

  /** The issuer's note that this login is now the newest. */
  adopt(login: Login): void {
    this.#login = login;
    this.#lastRefreshAt = this.#world.now();
  }

  // --- quota ---

  windows(): WindowReading[] {
    const now = this.#world.now();
    return this.#windows.map((window) => window.read(now));
  }

  /** Quotas beside the main one, as they stand. */
  families(): { readonly name: string; readonly title: string; readonly windows: readonly WindowReading[] }[] {
    const now = this.#world.now();
    return this.#families.map(({ name, title, windows }) => ({
      name,
      title,
      windows: windows.map((window) => window.read(now)),
    }));
  }

  /** Spends a credit and empties what is used of the main quota; the upstream's word for what came of it. */
  redeemReset(requestId: string): Redemption {
    const now = this.#world.now();
    return this.resetCredits.redeem(
      requestId,
      this.#windows.filter((window) => window.read(now).usedPercent > 0),
    );
  }

  /** Epoch ms at which a refused account serves again; null while it serves. */
  exhaustedUntil(): number | null {
    const now = this.#world.now();
    const ends = this.#windows.filter((window) => window.isExhausted(now)).map((window) => window.read(now).resetsAt);
    return ends.length > 0 ? Math.max(...ends) : null;
  }

  /** Sets one window, told by its length, or the first one. */
  setUsed(usedPercent: number, terms: { lengthMinutes?: number; resetsInMs?: number } = {}): void {
    const window = terms.lengthMinutes
      ? this.#windows.find((candidate) => candidate.lengthMinutes === terms.lengthMinutes)
      : this.#windows[0];
    if (!window) throw new Error(`account ${this.name} has no window of ${terms.lengthMinutes} minutes`);
    window.set(usedPercent, this.#world.now(), terms.resetsInMs);
  }

  exhaust(terms: { lengthMinutes?: number; resetsInMs?: number } = {}): void {
    this.setUsed(100, terms);
  }

  /** Counts one turn: the first window fills by the account's rate, the others a sixth as fast. */
  spendTurn(): void {
    const now = this.#world.now();
    this.#windows.forEach((window, index) => window.use(this.#percentPerTurn / (index === 0 ? 1 : 6), now));
  }

  // --- faults ---

  /** Queues a fault: once, `times` times, or with `Infinity` until `clearFaults`. */
  fail(fault: Fault, terms?: FaultTerms): void {
    this.faults.add(fault, terms);
  }

  clearFaults(target?: FaultTarget): void {
    this.faults.clear(target);
  }

  /** The next request for the target waits until it is released. */
  hold(target: FaultTarget = "turn"): Hold {
    const held = hold();
    this.faults.add(held.fault, { on: target });
    return held;
  }

  /** Access tokens given out so far are refused as expired; refreshing helps. */
  expireAccessTokens(): void {
    this.#world.credentials.spoilAccess(this, "expired", this.#world.now());
  }

  /** Access tokens given out so far are refused as invalidated; refreshing helps. */
  invalidateAccessTokens(): void {
    this.#world.credentials.spoilAccess(this, "invalidated", this.#world.now());
  }

  /** Refreshing fails from now on with the code for `state`, until the next `signIn`. */
  endSession(state: "used" | "expired" | "invalidated" = "invalidated"): void {
    this.#world.credentials.spoilRefresh(this, state);
  }
}
