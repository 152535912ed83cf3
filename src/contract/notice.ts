// A notice: something about the pool that a person wants to be told without looking. Its codes, its shape and its words.

import { z } from "zod";

import { numberOrNull, seconds, secondsOrNull, text, textOrNull } from "./rpc/fields.ts";
import type { Words } from "./settings/setting.ts";

export const noticeCodes = [
  "pool_low",
  "pool_exhausted",
  "pool_recovered",
  "account_needs_you",
  "window_reset",
] as const;

export type NoticeCode = (typeof noticeCodes)[number];

export const noticeItem = z.object({
  id: text.describe("the same for every delivery of one notice"),
  code: z.enum(noticeCodes),
  at: seconds,
  account: z.object({ id: text, label: text }).nullable().describe("null when it is about the pool"),
  reason: textOrNull.describe("code of the refusal, or of the issuer's word"),
  windowMinutes: numberOrNull.describe("length of the window that was reset"),
  until: secondsOrNull.describe("unix seconds at which the first account comes back"),
  able: z.number().describe("accounts that can serve now, or within a minute"),
  enabled: z.number().describe("accounts that are switched on"),
  remainingPercent: numberOrNull.describe("quota left, on average over the accounts whose use is known"),
  message: z.object({ en: text, zh: text }),
});

export type NoticeItem = z.output<typeof noticeItem>;

/** What a notice tells, with instants in epoch ms. */
export interface NoticeFacts {
  readonly code: NoticeCode;
  readonly account: { readonly id: string; readonly label: string } | null;
  readonly reason: string | null;
  readonly windowMinutes: number | null;
  readonly until: number | null;
  readonly able: number;
  readonly enabled: number;
  readonly remainingPercent: number | null;
}

export function noticeWords(notice: NoticeFacts): Words {
  return words[notice.code](notice);
}

const words: Readonly<Record<NoticeCode, (notice: NoticeFacts) => Words>> = {
  pool_low: ({ able, enabled, remainingPercent }) => ({
    en: `The pool is low: ${able} of ${enabled} accounts can serve${left(remainingPercent, (percent) => `, ${percent}% of the known quota is left`)}.`,
    zh: `账号池余量不足：${enabled} 个账号中有 ${able} 个可用${left(remainingPercent, (percent) => `，已知额度剩余 ${percent}%`)}。`,
  }),
  pool_exhausted: ({ enabled, until }) => ({
    en: `None of ${enabled} accounts can serve.${until === null ? " Waiting does not help: they need you." : ` The first comes back at ${instant(until)}.`}`,
    zh: `${enabled} 个账号均不可用。${until === null ? "等待无济于事，需要你处理。" : `最早恢复时间：${instant(until)}。`}`,
  }),
  pool_recovered: ({ able, enabled }) => ({
    en: `The pool has recovered: ${able} of ${enabled} accounts can serve.`,
    zh: `账号池已恢复：${enabled} 个账号中有 ${able} 个可用。`,
  }),
  account_needs_you: ({ account, reason }) => ({
    en: `Account ${account?.label ?? "?"} needs you (${reason ?? "sign_in"}).`,
    zh: `账号 ${account?.label ?? "?"} 需要你处理（${reason ?? "sign_in"}）。`,
  }),
  window_reset: ({ account, windowMinutes }) => ({
    en: `The quota of account ${account?.label ?? "?"} has been reset${left(windowMinutes, (minutes) => ` (window of ${span(minutes)})`)}.`,
    zh: `账号 ${account?.label ?? "?"} 的额度已重置${left(windowMinutes, (minutes) => `（${span(minutes)} 窗口）`)}。`,
  }),
};

function left(value: number | null, say: (value: number) => string): string {
  return value === null ? "" : say(Math.round(value));
}

function span(minutes: number): string {
  if (minutes % 1440 === 0) return `${minutes / 1440} d`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}

/** To the minute and in UTC: the reader's own zone is not known here. */
function instant(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
