// What the gateway is told while it runs.

import { z } from "zod";

import { required, text, textOrNull } from "../fields.ts";
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

export const gatewayMethods = {
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
