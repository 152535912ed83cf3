// The log of finished gateway requests.

import { z } from "zod";

import { numberOrNull, optionalText, seconds, secondsOrNull, text, textOrNull } from "../fields.ts";
import { action, value } from "../method.ts";

const number = z.number();
const whole = z.coerce.number().int();
const milliseconds = number.describe("ms");
const micro = number.describe("millionths of a US dollar");

const attempt = z.object({
  accountId: text,
  reason: text.describe("why this account was asked: `manual`, `bound`, or the strategy"),
  phase: textOrNull.describe("how far it came: `token`, `connect`, `wait`, `answer`, `stream`; null when it served"),
  status: numberOrNull.describe("null when no answer came"),
  code: textOrNull,
  message: textOrNull,
  startedMs: number.describe("ms after the request arrived"),
  tookMs: milliseconds,
  waitedMs: milliseconds.describe("ms that the request waited on purpose just before"),
});

/** The original's fields, then ours. */
const row = {
  keyId: textOrNull,
  accountId: textOrNull.describe("who served, or was tried last"),
  requestPath: text,
  method: text,
  model: textOrNull,
  reasoningEffort: textOrNull,
  upstreamUrl: textOrNull,
  statusCode: numberOrNull,
  inputTokens: numberOrNull,
  cachedInputTokens: numberOrNull,
  outputTokens: numberOrNull,
  totalTokens: numberOrNull,
  reasoningOutputTokens: numberOrNull,
  estimatedCostUsd: numberOrNull,
  error: textOrNull,
  createdAt: seconds,
  id: number,
  traceId: text,
  protocol: text,
  conversation: textOrNull.describe("hash of what names the conversation"),
  isStream: z.boolean(),
  initialAccountId: textOrNull.describe("who was tried first"),
  clientModel: textOrNull,
  upstreamModel: textOrNull,
  clientReasoningEffort: textOrNull,
  serviceTier: textOrNull,
  errorCode: textOrNull,
  costMicroUsd: numberOrNull.describe("millionths of a US dollar"),
  firstByteMs: numberOrNull.describe("ms until the first byte for the client"),
  durationMs: milliseconds,
  routeReason: textOrNull,
  commitMs: numberOrNull.describe("ms until an account's answer was taken"),
  candidates: z.array(text).describe("the first accounts in the order in which they would have been asked"),
  attempts: z.array(attempt),
  skippedCount: number.describe("accounts passed over"),
  isPaidFallback: z.boolean().describe("an API key that costs money took the place of a login"),
  lost: z
    .array(text)
    .describe(
      "what was taken out of the request: `reasoning` and `turn_state` to move it to another account, `field:…` for a field that no upstream takes",
    ),
};

const skip = z.object({ accountId: text, reason: text, until: secondsOrNull });

const sums = {
  requests: number,
  failures: number,
  inputTokens: number,
  cachedInputTokens: number,
  outputTokens: number,
  reasoningOutputTokens: number,
  costMicroUsd: micro,
};

const who = { keyId: optionalText, accountId: optionalText, model: optionalText };
const range = {
  since: whole.nullish().describe("unix seconds"),
  until: whole.nullish().describe("unix seconds, not included"),
};

export const requestLogMethods = {
  "requestlog/list": value({
    params: z.object({
      query: optionalText.describe(
        "`prefix:text` contains, `prefix:=text` equals, `status:404`, `status:5xx`, or free text",
      ),
      limit: whole.nullish().describe("200 unless given, at most 1000"),
      cursor: z
        .string()
        .regex(/^\d{1,16}(-\d{1,16})?$/, "unknown cursor")
        .nullish()
        .describe("`nextCursor` of the page before"),
      ...who,
      statusClass: whole.min(1).max(9).nullish().describe("5 for 500 to 599"),
      errorsOnly: z.boolean().nullish(),
      ...range,
    }),
    result: z.object({
      items: z.array(z.object(row)),
      nextCursor: textOrNull.describe("null at the end; new rows do not move it"),
      searchedRows: numberOrNull.describe(
        "how many of the newest rows a text under three characters was looked for in; null for all",
      ),
    }),
    en: "Finished gateway requests, the last to end first.",
    zh: "已完成的网关请求，最后结束者在前。",
  }),
  "requestlog/read": value({
    params: z.object({ id: whole.nullish(), traceId: optionalText }),
    result: z.object({
      item: z
        .object({
          ...row,
          skipped: z.array(skip).describe("the first hundred of those passed over, and until when"),
        })
        .nullable(),
    }),
    en: "One request by its id or trace id, with everything that was decided for it.",
    zh: "按编号或跟踪编号读取一条请求，含其全部选路过程。",
  }),
  "requestlog/summary": value({
    params: z.object({ ...range, ...who }),
    result: z.object(sums),
    en: "What was requested and used in a time, also of requests no longer in the log. Without a range, everything known.",
    zh: "一段时间内的请求数与用量，含已从日志移除的请求。未给时间范围时为全部。",
  }),
  "usage/summary": value({
    params: z.object({
      ...range,
      ...who,
      by: z.enum(["account", "key", "model", "day", "hour"]).nullish().describe("`day` unless given"),
      limit: whole.min(1).max(10_000).nullish().describe("most items, 1000 unless given"),
    }),
    result: z.object({
      since: seconds,
      until: seconds,
      total: z.object(sums),
      items: z.array(
        z.object({
          name: textOrNull.describe("account, key or model; null when unknown, and for days and hours"),
          startAt: secondsOrNull.describe("when the day or hour begins, else null"),
          ...sums,
        }),
      ),
    }),
    en: "What was used in a time, told apart by account, key, model, local day or hour. Unless given, the last 30 days, or today by hour. By hour it takes up to 7 days of the last two months.",
    zh: "一段时间的用量，可按账号、密钥、模型、本地日或小时划分。默认最近 30 天，按小时则为当日。按小时最多查询最近两个月内的 7 天。",
  }),
  "usage/prices": value({
    result: z.object({
      asOf: text.describe("date of the built-in prices"),
      overridePath: text,
      problem: textOrNull.describe("why the file of own prices is not used"),
      items: z.array(
        z.object({
          model: text.describe("beginning of the names it is for"),
          isOwn: z.boolean(),
          input: micro.describe("millionths of a US dollar for a million tokens, as all prices here"),
          cachedInput: micro,
          output: micro,
        }),
      ),
    }),
    en: "The prices that costs are estimated with: the built-in ones and those of `prices.json` beside the database.",
    zh: "估算费用所用的价格：内置价格与数据库旁的 `prices.json`。",
  }),
  "requestlog/clear": action({
    en: "Empties the request log; what was used stays known.",
    zh: "清空请求日志；用量统计保留。",
  }),
  "requestlog/today_summary": value({
    result: z.object({
      inputTokens: number,
      cachedInputTokens: number,
      outputTokens: number,
      reasoningOutputTokens: number,
      todayTokens: number.describe("input without cached input, plus output"),
      estimatedCost: number.describe("USD"),
    }),
    en: "Tokens and cost since local midnight.",
    zh: "本地当日的 token 用量与费用。",
  }),
};
