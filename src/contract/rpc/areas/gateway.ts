// What the gateway is told while it runs.

import { z } from "zod";

import { modelReasons, accountStates, routeReasons } from "../../reasons.ts";
import { optionalText, required, seconds, secondsOrNull, text, textOrNull } from "../fields.ts";
import { action, value } from "../method.ts";

const number = z.number();
const toggle = z.boolean();

const backgroundTasks = z.object({
  usagePollingEnabled: toggle,
  usagePollIntervalSecs: number,
  gatewayKeepaliveEnabled: toggle,
  gatewayKeepaliveIntervalSecs: number,
  tokenRefreshPollingEnabled: toggle,
  tokenRefreshPollIntervalSecs: number,
  usageRefreshWorkers: number,
  httpWorkerFactor: number,
  httpWorkerMin: number,
  httpStreamWorkerFactor: number,
  httpStreamWorkerMin: number,
  requiresRestartKeys: z.array(text),
});

const given = z.unknown().optional();

/** Numbers, numeric texts and switches as they come; what each accepts is decided by the table of settings. */
const changes = z.object({
  usagePollingEnabled: given,
  usagePolling: given.describe("the same as `usagePollingEnabled`"),
  usagePollIntervalSecs: given,
  gatewayKeepaliveEnabled: given,
  gatewayKeepalive: given.describe("the same as `gatewayKeepaliveEnabled`"),
  gatewayKeepaliveIntervalSecs: given,
  tokenRefreshPollingEnabled: given,
  tokenRefreshPolling: given.describe("the same as `tokenRefreshPollingEnabled`"),
  tokenRefreshPollIntervalSecs: given,
  usageRefreshWorkers: given,
  httpWorkerFactor: given,
  httpWorkerMin: given,
  httpStreamWorkerFactor: given,
  httpStreamWorkerMin: given,
});

const route = z.object({
  at: seconds,
  strategy: text,
  model: textOrNull.describe("what counts: the key's, or else what the name asked for means"),
  modelReason: z
    .enum(modelReasons)
    .nullable()
    .describe(
      "why it is that model: the key lays it down, the name is one, an alias, has a suffix, has a substitute, or is unknown",
    ),
  manualAccountId: textOrNull,
  boundAccountId: textOrNull.describe("the account the conversation is on"),
  next: z
    .object({
      accountId: text,
      reason: z.enum(routeReasons),
      waitsUntil: secondsOrNull.describe("the request would wait so long for this account"),
    })
    .nullable()
    .describe("who would serve; null when nobody can"),
  candidates: z
    .array(z.object({ accountId: text, label: text, reason: z.enum(routeReasons), state: z.enum(accountStates) }))
    .describe("the first of those that can serve, in order"),
  candidateCount: number,
  skipped: z
    .array(z.object({ accountId: text, label: text, reason: text, until: secondsOrNull }))
    .describe("the first of those passed over, in the user's order"),
  skippedCount: number,
  sparesPaid: z.boolean().describe("API keys that cost money could serve, but are not used in place of logins"),
  verdict: z
    .object({ code: text, message: text, until: secondsOrNull })
    .nullable()
    .describe("what the client would be told; null when somebody can serve"),
  capacityReturnsAt: secondsOrNull.describe("when the first of those passed over comes back by itself"),
});

export const gatewayMethods = {
  "gateway/explain": value({
    params: z.object({
      keyId: optionalText.describe("a platform key by its id"),
      key: optionalText.describe("or by its secret; without either, a key without limits of its own"),
      model: optionalText,
      conversation: optionalText.describe("as the client names it, or its hash from the request log"),
      limit: z.coerce.number().int().min(1).max(1000).nullish().describe("20 unless given"),
    }),
    result: route,
    en: "Who would serve such a request now and why, who would not and until when. Nothing is sent or changed.",
    zh: "此类请求现在会由谁处理及原因，谁不会及到何时为止。不发送请求，也不改变任何状态。",
  }),
  "gateway/routeStrategy/get": value({
    result: z.object({ strategy: text, options: z.array(text), manualPreferredAccountId: textOrNull }),
    en: "How accounts are chosen for new conversations.",
    zh: "新会话选择账号的策略。",
  }),
  "gateway/routeStrategy/set": value({
    params: z.object({ strategy: required("missing strategy") }),
    result: z.object({ strategy: text }),
    en: "Changes that; order, priority and sequential mean `ordered`, round_robin, round-robin and rr mean `balanced`.",
    zh: "修改策略；order、priority、sequential 即 `ordered`，round_robin、round-robin、rr 即 `balanced`。",
  }),
  "gateway/manualAccount/get": value({
    result: z.object({ accountId: textOrNull }),
    en: "The account that goes before all others.",
    zh: "手动指定的优先账号。",
  }),
  "gateway/manualAccount/set": action({
    params: z.object({ accountId: required("accountId is required") }),
    en: "Puts one account before all others, also for running conversations.",
    zh: "指定一个优先于其他账号的账号，对进行中的会话也有效。",
  }),
  "gateway/manualAccount/clear": action({ en: "Ends that.", zh: "取消手动指定。" }),
  "gateway/headerPolicy/get": value({
    result: z.object({ cpaNoCookieHeaderModeEnabled: toggle, envKey: text }),
    en: "Whether account headers are kept from the upstream.",
    zh: "是否不向上游发送账号相关请求头。",
  }),
  "gateway/headerPolicy/set": value({
    params: z.object({ cpaNoCookieHeaderModeEnabled: given, enabled: given.describe("the same") }),
    result: z.object({ cpaNoCookieHeaderModeEnabled: toggle }),
    en: "Changes that.",
    zh: "修改该设置。",
  }),
  "gateway/backgroundTasks/get": value({
    result: backgroundTasks,
    en: "The background loops and their intervals.",
    zh: "后台任务及其间隔。",
  }),
  "gateway/backgroundTasks/set": value({
    params: changes,
    result: backgroundTasks,
    en: "Changes those that are given; a number below its minimum becomes the minimum.",
    zh: "修改给出的项；低于最小值的数字按最小值处理。",
  }),
};
