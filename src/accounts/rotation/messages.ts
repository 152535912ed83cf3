// What a service and its renewal process say to each other. Tokens are not among it: both have the store.

import type { IssuerOptions } from "../../upstream/chatgpt/issuer.ts";
import type { TransportOptions } from "../../upstream/transport.ts";
import type { RotationOutcome } from "./rotate.ts";

/** Sent once, first: what the renewal process opens by itself. */
export interface RotationSettings {
  readonly storePath: string;
  /** As for `openStore`. */
  readonly secretKey?: string | undefined;
  readonly transport: TransportOptions;
  readonly issuer: Omit<IssuerOptions, "transport">;
}

/** `number` ties the outcome to what was asked. */
export interface RotationAsk {
  readonly number: number;
  readonly accountId: string;
  readonly seen: number;
}

export interface RotationReply {
  readonly number: number;
  readonly outcome: RotationOutcome;
}
