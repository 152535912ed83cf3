// What the main thread and the thread of the request log say to each other.

import type { StoreProblem } from "../store-error.ts";
import type { LogBatch } from "./log-tables.ts";
import type { ListedRequest } from "./request-row.ts";

/** What rows must fulfil; what is left out is not asked for. */
export interface RowFilter {
  readonly keyId?: string | null;
  /** The account that served, or was tried last. */
  readonly accountId?: string | null;
  readonly model?: string | null;
  /** 2 for 200 to 299, and so on. */
  readonly statusClass?: number | null;
  /** Answered with 400 or more, or broken off with an error; not those whose client left (499). */
  readonly failedOnly?: boolean;
  /** Began in [since, until), epoch ms. */
  readonly since?: number | null;
  readonly until?: number | null;
}

export interface ListQuery extends RowFilter {
  /** See log-query.ts. */
  readonly query?: string;
  readonly limit: number;
  /** From the page before; without it the newest. */
  readonly cursor?: string | null;
}

/** Newest first, by when they ended. */
export interface LogPage {
  readonly items: readonly ListedRequest[];
  /** For the next page; null at the end. New rows do not move it. */
  readonly cursor: string | null;
  /** How many of the newest rows were looked at, for a text under three characters; null when all were. */
  readonly searchedRows: number | null;
}

export type RowName = { readonly id: number } | { readonly traceId: string };

export interface UsageQuery {
  /** [since, until), epoch ms: to the quarter of an hour, or to the local day where quarters are no longer kept. */
  readonly since: number;
  readonly until: number;
  /** What the sums are told apart by; days are local ones. Hours are known for two months. */
  readonly by: "account" | "key" | "model" | "day" | "hour" | null;
  /** Most groups. */
  readonly limit: number;
  readonly accountId?: string | null;
  readonly keyId?: string | null;
  readonly model?: string | null;
}

export interface UsageRow {
  readonly requests: number;
  readonly failures: number;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly reasoningOutputTokens: number;
  readonly costMicroUsd: number;
}

export interface UsageSummary {
  readonly total: UsageRow;
  /** Days and hours (`name` is when they begin, epoch ms) in order, all others by requests; an empty name is an unknown one. */
  readonly groups: readonly (UsageRow & { readonly name: string | number })[];
}

/** Null where there is no limit. */
export interface Limits {
  /** Epoch ms. */
  readonly now: number;
  /** Requests that began before are forgotten. Epoch ms. */
  readonly requestsBefore: number | null;
  /** Sums of days that began before are forgotten. Epoch ms. */
  readonly usageBefore: number | null;
  /** The oldest requests are forgotten until what is kept takes no more than this. */
  readonly maxBytes: number | null;
}

export interface RetentionReport {
  readonly removedRows: number;
  /** What is kept takes so much of the file. */
  readonly bytes: number;
}

export interface ReadingQuery {
  readonly accountId: string;
  readonly limit: number;
}

/** Of these accounts the newest readings of their main quota, at most so many of each. */
export interface HistoryQuery {
  readonly accountIds: readonly string[];
  /** Epoch ms. */
  readonly since: number;
  readonly perAccount: number;
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
  | { readonly kind: "read"; readonly name: RowName }
  | { readonly kind: "usage"; readonly query: UsageQuery }
  | { readonly kind: "readings"; readonly query: ReadingQuery }
  | { readonly kind: "history"; readonly query: HistoryQuery }
  | { readonly kind: "retain"; readonly limits: Limits }
  | { readonly kind: "clear" }
  | { readonly kind: "sync" }
  | { readonly kind: "catchUp" }
  | { readonly kind: "close" };

export type ToLogWorker = { readonly number: number; readonly question: LogQuestion } | { readonly batch: LogBatch };

export type FromLogWorker =
  | { readonly kind: "ready" }
  | { readonly kind: "refused"; readonly problem: StoreProblem | null; readonly message: string }
  /** A batch is done with: written, or lost for the reason given. */
  | { readonly kind: "written"; readonly error: string | null }
  | { readonly kind: "answer"; readonly number: number; readonly value: unknown }
  | { readonly kind: "error"; readonly number: number; readonly message: string };
