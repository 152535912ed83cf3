// What the hosts of the world have in common.

import type { Clock } from "../kit/clock.ts";
import type { DemoAccount } from "./account.ts";
import type { Credentials } from "./credentials.ts";
import type { Exchange } from "./exchange.ts";
import type { FaultQueue } from "./faults.ts";
import type { DeviceSignIn } from "./device-sign-in.ts";
import type { SignIn } from "./sign-in.ts";
import type { Strictness } from "./strictness/strictness.ts";

/** How answers to model requests look. */
export interface AnswerStyle {
  /** ChatGPT leaves `response.output` of the terminal event empty; default true. */
  readonly isFinalOutputEmpty: boolean;
  /** Where the event `codex.rate_limits` stands. */
  readonly rateLimitsEvent: "first" | "after-created" | "never";
  /** Pause between events in ms; 0 sends as fast as the client reads. */
  readonly paceMs: number;
}

export interface WorldState {
  readonly clock: Clock;
  readonly accounts: DemoAccount[];
  /** OpenAI API keys and who they bill. */
  readonly apiKeys: Map<string, DemoAccount>;
  readonly credentials: Credentials;
  readonly signIn: SignIn;
  readonly deviceSignIn: DeviceSignIn;
  /** Faults of the host itself: met by any account, before anything else. */
  readonly hostFaults: FaultQueue;
  readonly style: AnswerStyle;
  readonly strictness: Strictness;
  /** Where the world listens. */
  origin: string;
  nextSerial(): number;
}

export type Handler = (exchange: Exchange, state: WorldState) => void | Promise<void>;
