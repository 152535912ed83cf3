// The service itself.

import { z } from "zod";

import { required, seconds, text, textOrNull } from "../fields.ts";
import { value } from "../method.ts";

export const systemMethods = {
  initialize: value({
    result: z.object({ server_name: z.literal("codexmanager-service"), version: text }),
    en: "Tells a page that it speaks to this service.",
    zh: "向页面表明服务身份与版本。",
  }),
  "system/status": value({
    result: z.object({
      version: text,
      pid: z.number().nullable().describe("null when no service runs"),
      startedAt: seconds.nullable(),
      uptimeSeconds: z.number().nullable(),
      serviceUrl: textOrNull,
      webUrl: textOrNull,
      dataDirectory: text,
      databasePath: text,
      accounts: z.object({ total: z.number(), byState: z.record(z.string(), z.number()) }),
      platformKeys: z.number(),
      warnings: z.array(text).describe("settings that were not accepted or have no effect"),
      pendingRestart: z.array(text).describe("settings that count after the next start"),
    }),
    en: "What runs, where, with how many accounts in which state, and what is wrong with the settings.",
    zh: "服务的版本、地址、数据位置、各状态账号数量与设置警告。",
  }),
  "settings/explain": value({
    result: z.object({
      items: z.array(
        z.object({
          key: text,
          value: z.unknown().describe("`(set)` for secrets"),
          source: z.enum(["flag", "environment", "stored", "default"]),
          variable: textOrNull.describe("the variable that fixes it"),
          default: z.unknown(),
          applies: z.enum(["hot", "restart"]),
          description: text,
          effect: textOrNull.describe("why it has none"),
        }),
      ),
    }),
    en: "Every setting with the value in force and where it comes from.",
    zh: "所有设置的当前值及其来源。",
  }),
  "settings/set": value({
    params: z.object({ key: required("missing key"), value: z.unknown() }),
    result: z.object({ key: text, needsRestart: z.boolean().describe("it counts after the next start") }),
    en: "Stores one setting. One that the environment or a flag fixes, or that cannot be stored, is refused.",
    zh: "保存一项设置。由环境变量或命令行固定、或不可保存的设置会被拒绝。",
  }),
};
