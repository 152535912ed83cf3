// What the main thread and the thread of the request log say to each other.

import type { StoreProblem } from "../store-error.ts";
import type { LogBatch } from "./log-tables.ts";
import type { LoggedRequest } from "./request-row.ts";

export interface ListQuery {
  /** See log-query.ts. */
  readonly query?: string;
  readonly limit: number;
  /** From the page before; without it the newest. */
  readonly cursor?: number | null;
}

/** Newest first. */
export interface LogPage {
  readonly items: readonly LoggedRequest[];
  /** For the next page; null at the end. */
  readonly cursor: number | null;
}

export interface UsageSummary {
  readonly requests: number;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly reasoningOutputTokens: number;
  readonly costMicroUsd: number;
}

export interface ReadingQuery {
  readonly accountId: string;
  readonly limit: number;
}

export interface LogWorkerOptions {
  /** requests.db */
  readonly path: string;
  /** codexmanager.db, whose write-ahead log this thread folds back, so that no other thread waits for that. */
  readonly storePath: string | null;
  readonly keptReadings: number;
}

/** A question of the main thread, by the name of its answer's type. */
export type LogQuestion =
  | { readonly kind: "list"; readonly query: ListQuery }
  | { readonly kind: "summary"; readonly since: number; readonly until: number }
  | { readonly kind: "readings"; readonly query: ReadingQuery }
  | { readonly kind: "prune"; readonly before: number }
  | { readonly kind: "clear" }
  | { readonly kind: "sync" }
  | { readonly kind: "close" };

export type ToLogWorker = { readonly number: number; readonly question: LogQuestion } | { readonly batch: LogBatch };

export type FromLogWorker =
  | { readonly kind: "ready" }
  | { readonly kind: "refused"; readonly problem: StoreProblem | null; readonly message: string }
  /** A batch is done with: written, or lost for the reason given. */
  | { readonly kind: "written"; readonly error: string | null }
  | { readonly kind: "answer"; readonly number: number; readonly value: unknown }
  | { readonly kind: "error"; readonly number: number; readonly message: string };
