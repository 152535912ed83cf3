// What a run writes down about each request and each try, independent of what the gateway says about itself.

import type { RequestRow } from "../../src/contract/request-row.ts";
import type { FakeResponse } from "./connection.ts";
import type { TurnWish } from "./step.ts";

/** What the upstream meant by its answer to one try. */
export type Meaning =
  | { readonly kind: "served" }
  /** Served, but broken off or failed after it had begun. */
  | { readonly kind: "half_served" }
  /** A whole host in trouble, or an answer that says nothing: worth another try. */
  | { readonly kind: "trouble"; readonly code: "host" | "overload" | "truncated" }
  | { readonly kind: "silence" }
  | { readonly kind: "token" }
  | { readonly kind: "account"; readonly code: "burst" | "quota" | "denied" | "closed" | "model" | "challenge" }
  | { readonly kind: "sealed" }
  | { readonly kind: "request" };

export interface Attempt {
  readonly id: number;
  /** Null for what the gateway asks on its own account. */
  readonly turn: Turn | null;
  readonly account: string;
  readonly token: string;
  /** True time and the gateway's own. */
  readonly at: number;
  readonly gatewayAt: number;
  readonly life: number;
  /** Known once the request has reached the upstream. */
  meaning: Meaning | null;
  /** When the upstream says its limit ends, epoch ms, if it says so. */
  resetsAt: number | null;
  /** The connection stands, so that the gateway can break it off. */
  isStarted: boolean;
  hasHead: boolean;
  /** When the first byte of the answer's body came, in true time. */
  firstBytesAt: number | null;
  hasContent: boolean;
  /** Pieces of text the gateway was sent. */
  sentPieces: number;
  isCompleted: boolean;
  /** In true time. */
  endedAt: number | null;
  isAborted: boolean;
  /** It finds out whether an account serves again that is still blocked. */
  readonly isProbe: boolean;
  /** Its token was issued just now: what the gateway had decided, it had decided before. */
  readonly hasWaited: boolean;
}

export interface Turn {
  readonly id: number;
  readonly wish: TurnWish;
  readonly arrivedAt: number;
  readonly life: number;
  /** Hash of the conversation key. */
  readonly conversation: string;
  readonly response: FakeResponse;
  /** Whether the request tells of reasoning or a compaction, and which response it goes on from. */
  readonly brings: {
    readonly sealed: readonly string[];
    readonly compaction: string | null;
    readonly previous: string | null;
  };
  /** The account the conversation was on when the request had arrived in full, and the manual one. */
  boundTo: string | null;
  /** The binding is its parent's. */
  isParents: boolean;
  /** When the account it is on was to be back, by the gateway's clock; null when it could serve, or nobody knew. */
  boundBackAt: number | null;
  manual: string | null;
  /** No other account may stand in for the manual one. */
  isStrict: boolean;
  limits: Limits;
  isPlanned: boolean;
  readonly attempts: Attempt[];
  row: RequestRow | null;
  rows: number;
  leftAt: number | null;
  isEnded: boolean;
}

export interface Limits {
  readonly perAccount: number;
  readonly budgetMs: number;
  readonly patienceMs: number;
  readonly boundWaitMs: number;
}

/** A try that has been refused, as opposed to one that is still open or has begun an answer. */
export function isRefused(attempt: Attempt): boolean {
  return attempt.endedAt !== null && !attempt.hasContent;
}

function ranIntoTimeout(attempt: Attempt): boolean {
  return isRefused(attempt) && attempt.isAborted && attempt.firstBytesAt === null;
}

/** How long the refused tries have taken together; waiting in vain for a first byte does not count. */
export function refusedMs({ attempts }: Turn): number {
  let total = 0;
  for (const attempt of attempts) {
    if (isRefused(attempt) && !ranIntoTimeout(attempt)) total += (attempt.endedAt ?? attempt.at) - attempt.at;
  }
  return total;
}

/** Between one try and the next. */
export function pausedMs({ attempts }: Turn): number {
  const gaps = attempts.slice(1).map(({ at }, place) => at - (attempts[place]?.endedAt ?? at));
  return gaps.reduce((sum, gap) => sum + Math.max(0, gap), 0);
}

export function timeouts({ attempts }: Turn): number {
  return attempts.filter(ranIntoTimeout).length;
}

export function triesOf({ attempts }: Turn, account: string): readonly Attempt[] {
  return attempts.filter((attempt) => attempt.account === account);
}
