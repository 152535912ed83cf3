// One finished gateway request as it is written down, kept and told over RPC.

export interface AttemptRow {
  readonly accountId: string;
  /** Why this account was asked: `manual`, `bound`, or the strategy. */
  readonly reason: string;
  /** How far it came: getting a token, connecting, waiting, in the answer's head, in its stream; null when it served. */
  readonly phase: "token" | "connect" | "wait" | "answer" | "stream" | null;
  /** Upstream status, or null when no answer came. */
  readonly status: number | null;
  readonly code: string | null;
  readonly message: string | null;
  /** Milliseconds since the request arrived. */
  readonly startedMs: number;
  readonly tookMs: number;
  /** Milliseconds the request waited on purpose just before: for a reset, for a free place, between two tries. */
  readonly waitedMs: number;
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
  /** Milliseconds until an account's answer was taken; null when none was. */
  readonly commitMs: number | null;
  /** The first accounts in the order in which they would have been asked. */
  readonly candidates: readonly string[];
  readonly attempts: readonly AttemptRow[];
  /** The first of those passed over. */
  readonly skipped: readonly SkipRow[];
  /** How many were passed over in all. */
  readonly skippedCount: number;
  /** What was taken out of the request: `reasoning` and `turn_state` to move it, `field:…` since no upstream takes it. */
  readonly lost: readonly string[];
  /** An API key that costs money took the place of a login that could not serve. */
  readonly isPaidFallback: boolean;
}
