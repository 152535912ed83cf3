// The background jobs of a running service.

import { z } from "zod";

import { secondsOrNull, text, textOrNull } from "../fields.ts";
import { value } from "../method.ts";

export const jobItem = z.object({
  name: text,
  isEnabled: z.boolean(),
  isRunning: z.boolean(),
  lastRunAt: secondsOrNull,
  lastEndedAt: secondsOrNull,
  lastError: textOrNull.describe("why the last run that had something to do failed"),
  nextRunAt: secondsOrNull.describe("null while it runs or is switched off"),
  failures: z.number().describe("failed runs since the last good one"),
});

export const jobMethods = {
  "jobs/list": value({
    result: z.object({ items: z.array(jobItem) }),
    en: "The background jobs: when each ran last, how that ended, and when it runs next. None when no service runs.",
    zh: "后台任务：各任务上次运行的时间与结果，以及下次运行时间。服务未运行时为空。",
  }),
};
