// One sign-in from its beginning to its end.

import type { Timer } from "../../kit/clock.ts";
import type { Belongings } from "./signed-in.ts";

export type AttemptState = "pending" | "success" | "failed" | "cancelled" | "expired";

export interface SignInWish {
  readonly way: "browser" | "device";
  readonly belongings: Belongings;
  /** The only workspace that may be chosen; null leaves the choice to the person. */
  readonly workspaceId: string | null;
  /** The account that has to sign in again; null takes any. */
  readonly accountId: string | null;
}

export interface AttemptStatus {
  readonly state: AttemptState;
  /** A sentence for the person; null unless it failed. */
  readonly reason: string | null;
  /** Who has signed in. */
  readonly accountId: string | null;
  /** Epoch ms. */
  readonly changedAt: number;
}

export interface Attempt {
  readonly id: string;
  readonly wish: SignInWish;
  readonly verifier: string;
  readonly redirectUri: string;
  status: AttemptStatus;
  /** Its code is being redeemed: it comes once. */
  isRedeeming: boolean;
  timer: Timer | null;
}

export function isOver({ status }: Attempt): boolean {
  return status.state !== "pending";
}
