// What is shown to an upstream on behalf of an account.

import type { Failure } from "../contract/failure.ts";

export interface AccessToken {
  readonly accountId: string;
  readonly value: string;
  /** Epoch ms; null when the token does not say. */
  readonly expiresAt: number | null;
}

export type TokenResult =
  | { readonly ok: true; readonly token: AccessToken }
  | { readonly ok: false; readonly failure: Failure };
