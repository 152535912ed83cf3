// What the pool knows of one account: who it is, and five separate facts about whether it can serve.
// Pure values; who keeps them current and durable is not decided here.

import type { FailureCode } from "../contract/failure.ts";

/** An account as the pool sees it. `facts` are replaced, never changed in place. */
export interface PoolAccount {
  readonly id: string;
  readonly label: string;
  /** Name of the upstream kind that serves it, e.g. `chatgpt`. */
  readonly upstream: string;
  /** The provider whose API key it holds; null for a login. */
  readonly providerId: string | null;
  /** Whether each request costs money. */
  readonly isPaid: boolean;
  /** The user's order: lower goes first, ties by id. */
  readonly sort: number;
  /** The manual status, which belongs to the user alone. */
  readonly isEnabled: boolean;
  readonly plan: string | null;
  /** The group the user put it in; platform keys may be limited to groups. */
  readonly groupName: string;
  readonly tags: readonly string[];
  /** The user's preference before any strategy, -100 to 100: higher is asked first. */
  readonly priority: number;
  readonly mark: Mark;
  /** Most requests it may serve at once; null leaves it to the setting, 0 sets no limit. */
  readonly maxInflight: number | null;
  /** The workspace the upstream bills, sent as `chatgpt-account-id`; null when the login has none. */
  readonly chatgptAccountId: string | null;
  readonly facts: AccountFacts;
}

/** What the user wants an account kept for: spent before all others, or only when no other can serve. */
export type Mark = "normal" | "burn_first" | "preserve";

/** Five facts, kept apart, each with where it comes from and since when it holds. */
export interface AccountFacts {
  /** Blocked until: from refusals alone. A block ends by itself at its time. */
  readonly blocks: readonly Block[];
  /** Avoid until: the upstream has announced that it is used up, without having refused. */
  readonly avoid: Avoid | null;
  /** The newest reading of the account's main quota. */
  readonly reading: Reading | null;
  /** The newest reading of each quota beside the main one, told apart by `family`. */
  readonly otherReadings: readonly Reading[];
  readonly health: Health;
  readonly login: Login;
}

export interface Block {
  readonly code: FailureCode;
  /** Epoch ms. */
  readonly since: number;
  /** Epoch ms. */
  readonly until: number;
  /** Who set the time: the upstream, or our own ladder when it named none. */
  readonly source: "told" | "guessed";
  /** The one model it concerns, or null for the whole account. */
  readonly model: string | null;
  /** How often the same kind of refusal came in a row; feeds the back-off of refusals that name no time. */
  readonly strikes: number;
}

/** Asked last until then. It forbids nothing. */
export interface Avoid {
  /** Epoch ms. */
  readonly since: number;
  readonly until: number;
  readonly source: ReadingSource;
}

export type ReadingSource = "headers" | "event" | "refusal" | "poll";

/** The main quota's family; others are named as the upstream names them. */
export const MAIN_FAMILY = "codex";

/** One observation of how much is used. Windows are told apart by their length alone. */
export interface Reading {
  readonly family: string;
  readonly windows: readonly Window[];
  /** The upstream says in so many words that the limit is reached, whatever the percentages. */
  readonly isLimitReached: boolean;
  readonly plan: string | null;
  readonly credits: Credits | null;
  /** Resets the user may redeem; null when the source does not tell. */
  readonly resetCredits: number | null;
  readonly source: ReadingSource;
  /** Epoch ms. */
  readonly at: number;
}

export interface Window {
  /** Length of the window: 300 is five hours, 10080 a week. */
  readonly minutes: number;
  /** 0 to 100. */
  readonly usedPercent: number;
  /** Epoch ms; null when the upstream did not say. */
  readonly resetsAt: number | null;
}

export interface Credits {
  readonly hasCredits: boolean;
  readonly isUnlimited: boolean;
  /** As the upstream writes it: a decimal number in a string. */
  readonly balance: string | null;
}

export interface Health {
  /** Successes minus faults, 0 (bad) to 100 (good). */
  readonly score: number;
  /** Epoch ms of the last success and the last fault. */
  readonly succeededAt: number | null;
  readonly failedAt: number | null;
  /**
   * Slow start: so many requests at once until it has proved itself again, doubling with each success; null when it
   * serves as ever.
   */
  readonly ramp: number | null;
}

/** `no_access`: the login is valid but may not use Codex; signing in again would not help. */
export interface Login {
  readonly state: "ok" | "sign_in" | "no_access" | "deactivated";
  readonly code: string | null;
  /** Epoch ms. */
  readonly since: number;
}

/** A login of which the user has said nothing. */
export const plainLogin = {
  providerId: null,
  isPaid: false,
  groupName: "",
  tags: [],
  priority: 0,
  mark: "normal",
  maxInflight: null,
} as const;

export const freshFacts: AccountFacts = {
  blocks: [],
  avoid: null,
  reading: null,
  otherReadings: [],
  health: { score: 100, succeededAt: null, failedAt: null, ramp: null },
  login: { state: "ok", code: null, since: 0 },
};
