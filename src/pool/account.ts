// What the pool knows of one account: who it is, and five separate facts about whether it can serve.
// Pure values; who keeps them current and durable is not decided here.

import type { FailureCode } from "../contract/failure.ts";

/** An account as the pool sees it. `facts` are replaced, never changed in place. */
export interface PoolAccount {
  readonly id: string;
  readonly label: string;
  /** Name of the upstream kind that serves it, e.g. `chatgpt`. */
  readonly upstream: string;
  /** The user's order: lower goes first, ties by id. */
  readonly sort: number;
  /** The manual status, which belongs to the user alone. */
  readonly isEnabled: boolean;
  readonly plan: string | null;
  /** The workspace the upstream bills, sent as `chatgpt-account-id`; null when the login has none. */
  readonly chatgptAccountId: string | null;
  readonly facts: AccountFacts;
}

export interface AccountFacts {
  /** From refusals. A block ends by itself at its time. */
  readonly blocks: readonly Block[];
  readonly reading: Reading | null;
  readonly health: Health;
  readonly login: Login;
}

export interface Block {
  readonly code: FailureCode;
  /** Epoch ms. */
  readonly since: number;
  /** Epoch ms. */
  readonly until: number;
  /** The one model it concerns, or null for the whole account. */
  readonly model: string | null;
  /** How often the same kind of refusal came in a row; feeds the back-off of refusals that name no time. */
  readonly strikes: number;
}

/** One observation of how much is used. Windows are told apart by their length alone. */
export interface Reading {
  readonly windows: readonly Window[];
  readonly plan: string | null;
  readonly credits: Credits | null;
  readonly source: "headers" | "event" | "refusal" | "poll";
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
}

/** `no_access`: the login is valid but may not use Codex; signing in again would not help. */
export interface Login {
  readonly state: "ok" | "sign_in" | "no_access" | "deactivated";
  readonly code: string | null;
  /** Epoch ms. */
  readonly since: number;
}

export const freshFacts: AccountFacts = {
  blocks: [],
  reading: null,
  health: { score: 100, succeededAt: null, failedAt: null },
  login: { state: "ok", code: null, since: 0 },
};
