// What can go wrong, as values that are queued for an account or for the whole host, and the queue they wait in.

import type { Answer } from "./answer.ts";
import type { DemoAccount } from "./account.ts";
import type { StreamFault } from "./stream/fault.ts";

/** Where a fault strikes. "turn" is a model request by `/responses`. */
export type FaultTarget = "turn" | "compact" | "models" | "usage" | "reset-credits" | "accounts" | "token";

export interface FaultContext {
  readonly account: DemoAccount | null;
  /** Epoch ms. */
  readonly now: number;
}

export type Fault =
  | { readonly kind: "answer"; readonly name: string; build(context: FaultContext): Answer }
  /** The connection is broken before any header. */
  | { readonly kind: "reset"; readonly name: string }
  /** The token endpoint spends the refresh token, and its answer is lost. */
  | { readonly kind: "lost-answer"; readonly name: string }
  /** Nothing is ever answered. */
  | { readonly kind: "stall"; readonly name: string }
  | { readonly kind: "wait"; readonly name: string; readonly ms: number }
  | { readonly kind: "hold"; readonly name: string; arrive(): void; readonly released: Promise<void> }
  | StreamFault;

export interface FaultTerms {
  /** How many requests meet the fault; default 1. `Infinity` means until cleared. */
  readonly times?: number;
  readonly on?: FaultTarget;
}

interface Queued {
  readonly fault: Fault;
  readonly on: FaultTarget;
  left: number;
}

/** First in, first out for each target. */
export class FaultQueue {
  #queue: Queued[] = [];

  add(fault: Fault, terms: FaultTerms = {}): void {
    this.#queue.push({ fault, on: terms.on ?? "turn", left: terms.times ?? 1 });
  }

  /** The fault that the next request for this target meets; counts as one meeting. */
  take(target: FaultTarget): Fault | null {
    const at = this.#queue.findIndex((entry) => entry.on === target);
    const entry = this.#queue[at];
    if (!entry) return null;
    entry.left -= 1;
    if (entry.left <= 0) this.#queue.splice(at, 1);
    return entry.fault;
  }

  clear(target?: FaultTarget): void {
    this.#queue = target ? this.#queue.filter((entry) => entry.on !== target) : [];
  }
}
