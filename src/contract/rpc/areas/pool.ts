// The pool as a whole.

import { z } from "zod";

import { accountStates } from "../../reasons.ts";
import { numberOrNull, seconds, secondsOrNull, text } from "../fields.ts";
import { value } from "../method.ts";

const number = z.number();

const outlooks = ["runs_dry", "lasts", "used_up", "not_enough_data"] as const;

const outlook = z
  .enum(outlooks)
  .describe("`runs_dry` before its reset, `lasts` until then, `used_up` already, `not_enough_data` to tell");

const windowForecast = z.object({
  windowMinutes: number,
  usedPercent: number,
  resetsAt: secondsOrNull,
  outlook,
  runsDryAt: secondsOrNull.describe("only when it runs dry"),
  ratePerHour: numberOrNull.describe("percent of the window an hour; null with fewer than 3 readings over 10 minutes"),
  readings: number.describe("readings behind the rate"),
  from: secondsOrNull.describe("the first and the last of them"),
  to: secondsOrNull,
});

const poolWindow = z.object({
  windowMinutes: number,
  accounts: number.describe("accounts that have such a window"),
  measuredAccounts: number.describe("those of them whose rate is known"),
  capacity: number.describe("credits, by the plans; a Plus account has 225 in five hours"),
  remaining: number.describe("credits"),
  remainingPercent: number,
  ratePerHour: numberOrNull.describe("percent of the whole an hour"),
  outlook,
  runsDryAt: secondsOrNull.describe("only when it runs dry although windows are reset meanwhile"),
  nextResetAt: secondsOrNull.describe("the first reset that gives something back"),
});

export const poolMethods = {
  "pool/forecast": value({
    params: z.object({
      accountIds: z.array(text).max(1000).nullish().describe("without them, the accounts that run dry first"),
      limit: z.coerce.number().int().min(0).max(1000).nullish().describe("how many of those, 50 unless given"),
    }),
    result: z.object({
      at: seconds,
      pool: z.array(poolWindow).describe("one for each length of window, the shortest first"),
      capacityReturnsAt: secondsOrNull.describe("when the first account that cannot serve now is back by itself"),
      accounts: z.array(
        z.object({
          accountId: text,
          label: text,
          state: z.enum(accountStates),
          until: secondsOrNull,
          windows: z.array(windowForecast),
        }),
      ),
    }),
    en: "When quota runs dry at the present rate and when capacity comes back, for the pool and for accounts, with the numbers behind it.",
    zh: "按当前速率，账号池与各账号的额度何时用完、何时恢复，并给出所依据的数字。",
  }),
};
