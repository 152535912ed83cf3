// The log of finished gateway requests.

import { z } from "zod";

import { numberOrNull, optionalText, seconds, text, textOrNull } from "../fields.ts";
import { action, value } from "../method.ts";

const number = z.number();

export const requestLogMethods = {
  "requestlog/list": value({
    params: z.object({
      query: optionalText.describe(
        "`prefix:text` contains, `prefix:=text` equals, `status:404`, `status:5xx`, or free text",
      ),
      limit: z.coerce.number().int().nullish().describe("200 unless given, at most 1000"),
    }),
    result: z.object({
      items: z.array(
        z.object({
          keyId: textOrNull,
          accountId: textOrNull,
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
        }),
      ),
    }),
    en: "Finished gateway requests, newest first.",
    zh: "已完成的网关请求，按时间倒序。",
  }),
  "requestlog/clear": action({
    en: "Empties the request log; the token counts of the day stay.",
    zh: "清空请求日志；当日 token 统计保留。",
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
