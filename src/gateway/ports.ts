// What the gateway needs from the rest of the program. Declared here by the consumer; satisfied structurally elsewhere.

import type { Failure } from "../contract/failure.ts";
import type { AccountFacts, PoolAccount } from "../pool/account.ts";

export interface AccessToken {
  readonly accountId: string;
  readonly value: string;
  /** Epoch ms; null when the token does not say. */
  readonly expiresAt: number | null;
}

export type TokenResult =
  | { readonly ok: true; readonly token: AccessToken }
  | { readonly ok: false; readonly failure: Failure };

export interface TokenSource {
  /** The token to send now; renewed first when it is about to expire. */
  current(accountId: string): Promise<TokenResult>;
  /**
   * A token other than `rejected`, which an upstream has refused: one that somebody else has renewed meanwhile, or a
   * new one. The renewed token is on disk before it is returned. Concurrent calls for one account share one renewal.
   */
  renew(accountId: string, rejected: AccessToken): Promise<TokenResult>;
}

/** Where the pool comes from at start, and how it stays current. */
export interface AccountSource {
  load(): Promise<readonly PoolAccount[]>;
  /** Reports every account that was added or changed (new value) or removed (null). Returns the unsubscriber. */
  onChange(listener: (accountId: string, account: PoolAccount | null) => void): () => void;
}

/** Keeps facts across restarts. `save` may be batched; the newest facts of an account win. */
export interface FactsKeeper {
  save(accountId: string, facts: AccountFacts): void;
}

export interface Binding {
  /** Hash of the conversation key. */
  readonly conversation: string;
  readonly accountId: string;
  /** Epoch ms. */
  readonly usedAt: number;
}

export interface BindingKeeper {
  find(conversation: string): Promise<Binding | null>;
  /** May be batched. */
  save(binding: Binding): void;
}

/** A platform key as the gateway needs it: never the secret itself. */
export interface AdmittedKey {
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
  /** Model and effort that replace what the request says; null leaves the request alone. */
  readonly model: string | null;
  readonly reasoningEffort: string | null;
}

export interface KeySource {
  /** Finds a key by the SHA-256 (hex) of its secret. Answers from memory. */
  findByHash(hash: string): AdmittedKey | null;
  /** Notes that a key was used; written lazily in batches. */
  touch(keyId: string, at: number): void;
}

export interface AttemptRow {
  readonly accountId: string;
  /** Upstream status, or null when no answer came. */
  readonly status: number | null;
  readonly code: string | null;
  readonly message: string | null;
  /** Milliseconds since the request arrived. */
  readonly startedMs: number;
  readonly tookMs: number;
}

export interface SkipRow {
  readonly accountId: string;
  readonly reason: string;
  /** Epoch ms. */
  readonly until: number | null;
}

/** One finished gateway request. Times are epoch ms, token counts whole numbers, cost integer micro-USD. */
export interface RequestRow {
  readonly traceId: string;
  readonly createdAt: number;
  readonly keyId: string | null;
  readonly accountId: string | null;
  readonly firstAccountId: string | null;
  readonly method: string;
  readonly path: string;
  readonly protocol: string;
  readonly conversation: string | null;
  /** What the client asked for; a platform key may lay down another model and effort. */
  readonly clientModel: string | null;
  readonly model: string | null;
  readonly upstreamModel: string | null;
  readonly clientReasoningEffort: string | null;
  readonly reasoningEffort: string | null;
  /** As the client asked for it. */
  readonly serviceTier: string | null;
  readonly isStream: boolean;
  readonly upstreamUrl: string | null;
  /** What the client was answered; 499 when it left before the end. */
  readonly statusCode: number;
  readonly errorCode: string | null;
  readonly error: string | null;
  readonly inputTokens: number | null;
  readonly cachedInputTokens: number | null;
  readonly outputTokens: number | null;
  readonly reasoningOutputTokens: number | null;
  readonly totalTokens: number | null;
  readonly costMicroUsd: number | null;
  readonly firstByteMs: number | null;
  readonly durationMs: number;
  /** Why the account was taken: `bound`, `manual`, `ordered`, `balanced`. */
  readonly routeReason: string | null;
  readonly attempts: readonly AttemptRow[];
  readonly skipped: readonly SkipRow[];
  /** What had to be taken out of the request to move it: `reasoning`, `turn_state`. */
  readonly lost: readonly string[];
}

export interface RequestLog {
  record(row: RequestRow): void;
}

/** Where trace lines go when tracing is on. */
export interface TraceLog {
  line(event: string, fields: Readonly<Record<string, string | number | boolean | null>>): void;
}

/** Counters for `/metrics`. */
export interface GatewayMetrics {
  requestStarted(): void;
  requestEnded(end: { readonly path: string; readonly protocol: string; readonly status: number }): void;
  attemptEnded(end: { readonly tookMs: number; readonly isFault: boolean }): void;
  failedOver(): void;
  cooldownMarked(): void;
  /** Leases taken (+1) and given back (-1). */
  inflightChanged(by: 1 | -1): void;
}
