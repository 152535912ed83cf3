// What can happen in a simulated run: a flat list of steps, each complete in itself, so that any of them can be left out.

import type { SettingKey } from "../../src/contract/settings/table.ts";

export interface Step {
  /** Milliseconds since the run began. */
  readonly at: number;
  /** Whatever the step leaves to luck is drawn from this. */
  readonly dice: number;
  readonly deed: Deed;
}

export type Deed =
  | { readonly kind: "add"; readonly account: AccountWish }
  | { readonly kind: "turn"; readonly turn: TurnWish }
  | { readonly kind: "disable" | "enable" | "delete" | "sign_in" | "reset"; readonly name: string }
  | { readonly kind: "reorder"; readonly name: string; readonly sort: number }
  | { readonly kind: "setting"; readonly key: SettingKey; readonly value: unknown }
  | { readonly kind: "trouble"; readonly trouble: TroubleWish }
  | { readonly kind: "jump"; readonly ms: number }
  | { readonly kind: "restart"; readonly isCrash: boolean; readonly downMs: number };

export type PlanName = "plus" | "pro" | "team" | "free";

export interface AccountWish {
  readonly name: string;
  readonly plan: PlanName;
  /** How full its windows are, 0 to 100, and when they reset, in milliseconds. */
  readonly used: readonly number[];
  readonly resetsInMs: readonly number[];
  readonly tokenLifeMs: number;
}

/** What a conversation brings along that only the account that made it can read. */
export type Baggage = "nothing" | "reasoning" | "compaction" | "previous";

export interface TurnWish {
  readonly conversation: number;
  readonly parent: number | null;
  readonly isNative: boolean;
  readonly wantsStream: boolean;
  readonly model: string;
  readonly baggage: Baggage;
  readonly isTooLong: boolean;
  readonly uploadMs: number;
  readonly leavesAfterMs: number | null;
  readonly readsSlowly: boolean;
  /** Share of a window it uses up, in percent. */
  readonly cost: number;
  readonly pieces: number;
}

export type TroubleName =
  // of the whole host
  | "unreachable"
  | "silence"
  | "server_error"
  | "challenge"
  | "issuer_down"
  // of one account, or of all when no name is given
  | "overload"
  | "burst"
  | "slow"
  | "truncated"
  | "late_refusal"
  | "denied"
  // of one account, once and for all until somebody acts
  | "spent"
  | "revoked"
  | "login_dead"
  | "closed"
  // of what polls tell
  | "rosy_poll"
  | "full_poll"
  | "stale_poll"
  | "failed_poll";

export interface TroubleWish {
  readonly what: TroubleName;
  readonly name: string | null;
  readonly lastsMs: number;
  /** It is over earlier when it has struck so often. */
  readonly times: number;
}
