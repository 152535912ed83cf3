// Every reason that a decision about a request can carry, and how it is put into a sentence. The words themselves are in
// reason-words.ts, in both languages; a code without words does not compile.

import type { FailureCode } from "./failure.ts";
import { failureWords, lostWords, modelWords, routeWords, skipWords, stateWords } from "./reason-words.ts";
import type { Words } from "./settings/setting.ts";

/** Why an account was asked: the user's or the conversation's own one, or a strategy. */
export const routeReasons = [
  "manual",
  "bound",
  "parent",
  "ordered",
  "balanced",
  "reset-first",
  "drain",
  "least-loaded",
] as const;

export type RouteReason = (typeof routeReasons)[number];

/** Why an account was passed over, beside the failures it was refused with. */
export type PassOver =
  | "disabled"
  | "sign_in"
  | "no_access"
  | "deactivated"
  | "filtered"
  | "busy"
  | "probing"
  | "not_manual";

export type SkipCode = PassOver | FailureCode;

/** Why a name stands for a model. */
export const modelReasons = ["key", "known", "alias", "suffix", "substitute", "unknown"] as const;

export type ModelReason = (typeof modelReasons)[number];

/** What was taken out of a request to move it to another account. */
export type LostPart = "reasoning" | "turn_state";

/** What stands before the name of a request's field that was left out. */
export const LOST_FIELD = "field:";

/** How an account is doing. */
export const accountStates = [
  "ready",
  "low",
  "cooling",
  "exhausted",
  "sign_in",
  "no_access",
  "disabled",
  "unknown",
] as const;

export type AccountState = (typeof accountStates)[number];

export type Language = keyof Words;

/** One sentence; `until` is written by the caller as its reader expects it. Codes that are not known are shown as they are. */
export function skipSentence(code: string, language: Language, until: string | null = null): string {
  return sentence(skipWords, code, language, until);
}

/** What went wrong with a request or an attempt. */
export function failureSentence(code: string, language: Language, until: string | null = null): string {
  return sentence(failureWords, code, language, until);
}

export function routeSentence(code: string, language: Language): string {
  return sentence(routeWords, code, language, null);
}

export function modelSentence(code: string, language: Language): string {
  return sentence(modelWords, code, language, null);
}

/** `field:stop_sequences` and the like name a field of the request that no upstream takes. */
export function lostSentence(code: string, language: Language): string {
  if (!code.startsWith(LOST_FIELD)) return sentence(lostWords, code, language, null);
  const field = code.slice(LOST_FIELD.length);
  return language === "zh"
    ? `请求字段 ${field} 在上游没有对应项，未发送。`
    : `Nothing upstream stands for ${field}; it was left out.`;
}

/** A word or two for lists. */
export function stateWord(state: string, language: Language): string {
  return find(stateWords, state)?.[language] ?? state;
}

/** "2 used up, 1 must sign in again": a count of accounts with the same reason, in the language clients are answered in. */
export function countedAccounts(code: SkipCode, count: number): string {
  return `${count} ${skipWords[code].ofMany ?? code}`;
}

function sentence(
  table: Readonly<Record<string, Words>>,
  code: string,
  language: Language,
  until: string | null,
): string {
  const words = find(table, code)?.[language] ?? code;
  if (language === "zh") return until === null ? `${words}。` : `${words}（至 ${until}）。`;
  return until === null ? `${words}.` : `${words}, until ${until}.`;
}

function find<T>(table: Readonly<Record<string, T>>, code: string): T | undefined {
  return Object.hasOwn(table, code) ? table[code] : undefined;
}
