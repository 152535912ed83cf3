// What the stages share, put together once and read per request.

import type { Clock } from "../kit/clock.ts";
import type { TokenCounter } from "../kit/token-count/token-counter.ts";
import type { AttemptParts } from "./attempt.ts";
import type { Bindings } from "./bindings.ts";
import type { KeyPlaces } from "./key-places.ts";
import type { KeptResponses } from "./kept/kept-responses.ts";
import type { KeySource } from "./ports.ts";
import type { ResolvedModel } from "./model-names.ts";
import type { PlanParts } from "./plan.ts";
import type { Serving } from "./providers/serving.ts";
import type { RelayParts } from "./relay.ts";
import type { SettleParts } from "./settle.ts";

export interface GatewayParts extends SettleParts {
  readonly clock: Clock;
  readonly keys: KeySource;
  readonly serving: Serving;
  readonly keyPlaces: KeyPlaces;
  /** So long a request waits for a place that its key may have. */
  queueWaitMs(): number;
  /** Which model a name means. */
  resolveModel(name: string, isNative: boolean): ResolvedModel;
  readonly bindings: Bindings;
  readonly kept: KeptResponses;
  readonly tokenCounter: TokenCounter;
  /** Largest body, compressed and expanded. */
  readonly maxBodyBytes: number;
  planParts(): PlanParts;
  attemptParts(): AttemptParts;
  relayParts(): RelayParts;
  /** An exception is a bug or broken infrastructure; it is logged, and the client told that it is ours. */
  reportBug(error: unknown, traceId: string): void;
}
