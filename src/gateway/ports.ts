// What the gateway needs from the rest of the program. Declared here by the consumer; satisfied structurally elsewhere.

import type { Provider } from "../contract/provider.ts";
import type { RequestRow } from "../contract/request-row.ts";
import type { AccountFacts, PoolAccount } from "../pool/account.ts";
import { type Filter, noFilter } from "../pool/filter.ts";
import type { TokenResult, AccessToken } from "../upstream/access-token.ts";

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

/** Where requests with API keys go. */
export interface ProviderSource {
  find(id: string): Provider | null;
  /** The same list until a provider changes. */
  list(): readonly Provider[];
}

export const noProviders: ProviderSource = { find: () => null, list: () => [] };

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

/** An answer that a client may refer to by an id. */
export interface KeptAnswer {
  /** As the upstream gave it. */
  readonly id: string;
  /** The account that gave it; it alone can read the sealed reasoning in it. */
  readonly accountId: string;
  /** Hash of the conversation key; null when this answer began a conversation that nothing names. */
  readonly conversation: string | null;
  /** Epoch ms. */
  readonly createdAt: number;
  /** The finished response object, as JSON. */
  readonly answer: Buffer;
}

export interface KeptResponse extends KeptAnswer {
  /** The whole `input` that was answered, as JSON, with no sealed reasoning but that account's. */
  readonly input: Buffer;
}

/** Keeps answers across restarts, apart for each platform key. `input` and `answer` are bytes that say nothing to it. */
export interface ResponseStore {
  find(keyId: string, id: string): Promise<KeptResponse | null>;
  /** The answers whose output holds any of these items; each once. */
  findByItems(keyId: string, itemIds: readonly string[]): Promise<readonly KeptAnswer[]>;
  /** May be batched; is found at once. */
  save(keyId: string, response: KeptResponse, itemIds: readonly string[]): void;
  /** False when there was none. */
  remove(keyId: string, id: string): Promise<boolean>;
  /** Forgets what is older than `before` (epoch ms) or beyond the limits, the oldest first. */
  retain(limits: { readonly before: number; readonly maxCount: number; readonly maxBytes: number }): Promise<unknown>;
}

/** Keeps nothing. */
export const noResponses: ResponseStore = {
  find: async () => null,
  findByItems: async () => [],
  save: () => {},
  remove: async () => false,
  retain: async () => 0,
};

/** A platform key as the gateway needs it: never the secret itself. */
export interface AdmittedKey {
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
  /** Model and effort that replace what the request says; null leaves the request alone. */
  readonly model: string | null;
  readonly reasoningEffort: string | null;
  /** The accounts it may use. */
  readonly filter: Filter;
  /** Most requests it may have under way at once; 0 sets no limit. */
  readonly maxInflight: number;
}

/** A key that may use every account, as often as it likes. */
export const noKeyLimits = { filter: noFilter, maxInflight: 0 } as const;

export interface KeySource {
  /** Finds a key by the SHA-256 (hex) of its secret. Answers from memory. */
  findByHash(hash: string): AdmittedKey | null;
  /** Notes that a key was used; written lazily in batches. */
  touch(keyId: string, at: number): void;
}

export interface RequestLog {
  record(row: RequestRow): void;
}

/** Where trace lines go when tracing is on. */
export interface TraceLog {
  line(event: string, fields: Readonly<Record<string, string | number | boolean | null>>): void;
}

/** Durations are ms. */
export interface RequestEnd {
  readonly path: string;
  readonly protocol: string;
  readonly status: number;
  readonly durationMs: number;
  /** Null when nothing was sent to the client. */
  readonly firstByteMs: number | null;
  /** What the gateway itself took before it asked an upstream; null when it asked none. */
  readonly addedMs: number | null;
}

/** Counters for `/metrics`. */
export interface GatewayMetrics {
  requestStarted(): void;
  requestEnded(end: RequestEnd): void;
  attemptEnded(end: { readonly tookMs: number; readonly isFault: boolean }): void;
  failedOver(): void;
  cooldownMarked(): void;
  /** Leases taken (+1) and given back (-1). */
  inflightChanged(by: 1 | -1): void;
}
