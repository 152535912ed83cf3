// What the suite asks of every upstream format: to say an answer in its own words. Shares no code with what is tested.

import type { Answer } from "../answer.ts";

export interface DialectUpstream {
  readonly name: string;
  /** The answer as a stream; a `cut` one without its end. */
  stream(answer: Answer): string;
  /** The answer as one object; null for what cannot come whole. */
  reply(answer: Answer): object | null;
  /** What the format has no words for, and why. */
  cannotSay(answer: Answer): string | null;
}

export const MODEL = "gpt-5.5";
export const SEALED = `gAAAA${"B".repeat(40)}`;
