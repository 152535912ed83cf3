// One account as the simulated upstream knows it: the truth about its quota and its tokens, which the gateway only hears
// of.

import type { AccountWish, PlanName } from "./step.ts";
import type { Quota } from "./sse.ts";

const FIVE_HOURS = 300;
const WEEK = 7 * 24 * 60;
const MONTH = 30 * 24 * 60;

const windowsOf: Readonly<Record<PlanName, readonly number[]>> = {
  plus: [FIVE_HOURS, WEEK],
  pro: [FIVE_HOURS, WEEK],
  team: [WEEK],
  free: [MONTH],
};

export const PLAIN_MODEL = "gpt-5.5";
export const PRO_MODEL = "gpt-5.5-pro";

interface QuotaWindow {
  readonly minutes: number;
  used: number;
  resetsAt: number;
}

export class UpstreamAccount {
  readonly name: string;
  readonly plan: PlanName;
  readonly windows: readonly QuotaWindow[];
  readonly #tokenLifeMs: number;
  #generation = 0;
  accessToken = "";
  refreshToken = "";
  accessEndsAt = 0;
  /** When its tokens were issued, in true time. */
  issuedAt = 0;
  /** The issuer gives no new tokens for this login; only signing in helps. */
  isLoginDead = false;
  isClosed = false;

  constructor(wish: AccountWish, now: number) {
    this.name = wish.name;
    this.plan = wish.plan;
    this.#tokenLifeMs = wish.tokenLifeMs;
    this.windows = windowsOf[wish.plan].map((minutes, place) => ({
      minutes,
      used: wish.used[place] ?? 0,
      resetsAt: now + (wish.resetsInMs[place] ?? minutes * 60_000),
    }));
    this.issueTokens(now);
  }

  /** New tokens; the old ones are worth nothing from now on. */
  issueTokens(now: number): void {
    this.#generation += 1;
    this.issuedAt = now;
    this.accessToken = `at.${this.name}.${this.#generation}`;
    this.refreshToken = `rt.${this.name}.${this.#generation}`;
    this.accessEndsAt = now + this.#tokenLifeMs;
  }

  get tokenLifeMs(): number {
    return this.#tokenLifeMs;
  }

  /** The access token is no longer accepted, although its time is not over. */
  revokeAccess(): void {
    this.accessEndsAt = 0;
  }

  accepts(token: string, now: number): boolean {
    return token === this.accessToken && now < this.accessEndsAt;
  }

  has(model: string): boolean {
    return model !== PRO_MODEL || this.plan === "pro";
  }

  spend(percent: number, now: number): void {
    this.#turnOver(now);
    for (const window of this.windows) window.used = Math.min(100, window.used + percent);
  }

  /** Epoch ms at which every window has room again; null when all have some now. */
  spentUntil(now: number): number | null {
    this.#turnOver(now);
    const spent = this.windows.filter(({ used }) => used >= 100).map(({ resetsAt }) => resetsAt);
    return spent.length === 0 ? null : Math.max(...spent);
  }

  useUp(): void {
    const [first] = this.windows;
    if (first !== undefined) first.used = 100;
  }

  /** All windows are empty before their time. */
  resetEarly(): void {
    for (const window of this.windows) window.used = 0;
  }

  quota(now: number): readonly Quota[] {
    this.#turnOver(now);
    return this.windows;
  }

  #turnOver(now: number): void {
    for (const window of this.windows) {
      if (window.resetsAt > now) continue;
      window.used = 0;
      window.resetsAt = now + window.minutes * 60_000;
    }
  }
}

/** Whose token this is: `at.<name>.<generation>`. */
export function nameInToken(token: string): string {
  return token.split(".")[1] ?? "";
}
