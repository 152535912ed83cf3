// What a routing rule is to the simulation: who is asked for a request, and what it makes of the answers. It sees what a
// gateway sees and never the world's truth.

import type { Window } from "../../src/pool/account.ts";
import type { Observation } from "../../src/pool/observation.ts";
import type { Plan } from "./quota.ts";

/** An account as its owner has entered it; its number is its place in the owner's order. */
export interface Member {
  readonly plan: Plan;
}

/** A request as a gateway sees it before it is answered. */
export interface Request {
  readonly conversation: number;
  /** From 0 up to 1: the rule's own dice, thrown anew for every request. */
  readonly draw: number;
}

export type Step =
  | { readonly kind: "ask"; readonly account: number }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "give_up" };

/** The way of one request through the rule. */
export interface Round {
  /** Called at the beginning, after a refusal, and when a wait is over. */
  next(now: number): Step;
  refused(account: number, seen: Observation, now: number): void;
  /** The account has begun to answer; its headers carried this reading. */
  served(account: number, windows: readonly Window[], now: number): void;
  /** The answer has ended well. */
  ended(account: number, now: number): void;
}

export interface Rule {
  /** How often each account's usage is polled; null when the rule knows no polls. */
  readonly pollEveryMs: number | null;
  begin(request: Request, now: number): Round;
  /** What a poll has brought. Polls are late: they tell of a time some minutes ago as if it were now. */
  polled(account: number, windows: readonly Window[], now: number): void;
  /** The owner has signed in again. */
  signedIn(account: number, now: number): void;
}

/** How a rule is made for a pool. */
export interface RuleEntry {
  readonly name: string;
  /** Where the rule is published; null for ours and for the plain ones. */
  readonly source: string | null;
  make(members: readonly Member[]): Rule;
}
