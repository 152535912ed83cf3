// What one account is sent, whoever it belongs to, and how its answer is read.

import type { AccessToken } from "../../upstream/access-token.ts";
import type { AnswerReader } from "./answer-reader.ts";

export interface Outgoing {
  readonly origin: string;
  /** With its query. */
  readonly path: string;
  readonly body: Buffer | null;
  /** Whether it goes over a WebSocket. */
  readonly isOverSocket: boolean;
  /** Whether the answer is none that writes text: its bytes say nothing to us. */
  readonly isOpaque: boolean;
  /** Null when the answer is in the internal form. */
  readonly reader: AnswerReader | null;
  /** Alternating names and values. */
  headers(token: AccessToken): string[];
}
