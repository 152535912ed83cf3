// Accounts and what is left of their quota.

import { z } from "zod";

import { accountStates } from "../../reasons.ts";
import { numberOrNull, optionalText, required, seconds, secondsOrNull, text, textOrNull } from "../fields.ts";
import { action, value } from "../method.ts";

const mark = z
  .enum(["normal", "burn_first", "preserve"])
  .describe("spent before all others, or only when no other can serve");

const edit = {
  status: z.enum(["active", "disabled"]).optional(),
  label: z.string().trim().min(1).optional(),
  groupName: z.string().trim().optional(),
  tags: z.array(z.string()).optional(),
  note: z.string().nullish(),
  priority: z.int().min(-100).max(100).optional(),
  mark: mark.optional(),
  maxInflight: z.int().min(0).nullish().describe("null leaves it to the setting, 0 sets no limit"),
};

export const accountItem = z.object({
  id: text,
  label: text,
  groupName: text,
  sort: z.number(),
  email: textOrNull,
  plan: textOrNull,
  status: z.enum(["active", "disabled"]).describe("the user's own switch"),
  state: z.enum(accountStates),
  stateReason: textOrNull.describe("code of the refusal, or of the issuer's word"),
  stateWindowMinutes: numberOrNull.describe("length of the window that is low or used up"),
  stateSince: secondsOrNull,
  stateUntil: secondsOrNull.describe("unix seconds at which that ends by itself"),
  note: textOrNull,
  tags: z.array(text),
  priority: z.number().describe("-100 to 100, higher is asked first"),
  mark,
  maxInflight: numberOrNull.describe("most requests at once; null for the setting's, 0 for no limit"),
  createdAt: seconds,
  updatedAt: seconds,
});

const importError = z.object({ index: z.number(), message: text, file: text.optional() });

const readingSource = z.enum(["headers", "event", "refusal", "poll"]).describe("where the reading comes from");

const usageFamily = z.object({
  family: text,
  windows: z
    .array(z.object({ windowMinutes: z.number(), usedPercent: z.number(), resetsAt: secondsOrNull }))
    .describe("the shortest first"),
  isLimitReached: z.boolean().describe("the upstream says so, whatever the percentages"),
  source: readingSource,
  capturedAt: seconds,
});

export const usageItem = z.object({
  accountId: text,
  availabilityStatus: z.enum(["available", "primary_window_available_only", "unavailable", "unknown"]),
  usedPercent: numberOrNull,
  windowMinutes: numberOrNull,
  resetsAt: secondsOrNull,
  secondaryUsedPercent: numberOrNull,
  secondaryWindowMinutes: numberOrNull,
  secondaryResetsAt: secondsOrNull,
  creditsJson: textOrNull,
  capturedAt: secondsOrNull,
  source: readingSource,
  resetCredits: numberOrNull.describe("resets that can be redeemed; null when the upstream has not told"),
  families: z.array(usageFamily).describe("every quota there is a reading of, the main one, `codex`, first"),
});

export const accountMethods = {
  "account/list": value({
    result: z.object({ items: z.array(accountItem) }),
    en: "All accounts in the user's order.",
    zh: "按用户顺序列出所有账号。",
  }),
  "account/update": action({
    params: z.object({
      accountId: required("missing accountId"),
      ...edit,
      sort: z.int().optional().describe("0 when nothing else is given"),
    }),
    en: "Changes what belongs to the user: an account's place in the order, the lowest `sort` going first, whether it is used at all, what it is kept for, and what it is called.",
    zh: "修改属于用户的内容：账号的排序（`sort` 最小者优先）、是否启用、用途与名称。",
  }),
  "account/updateMany": action({
    params: z.object({
      accountIds: z.array(z.string()).min(1, "missing accountIds"),
      ...edit,
      sort: z.int().optional(),
    }),
    en: "The same for several accounts alike, all or none.",
    zh: "对多个账号作相同修改，要么全部生效，要么全不生效。",
  }),
  "account/delete": action({
    params: z.object({ accountId: required("missing accountId") }),
    en: "Removes an account with its login and its readings.",
    zh: "删除账号及其登录信息与额度记录。",
  }),
  "account/import": value({
    params: z.object({
      contents: z.array(z.string()).default([]),
      content: z.string().nullish(),
      names: z.array(z.string()).default([]).describe("file names of `contents`, shown in errors"),
    }),
    result: z.object({
      total: z.number(),
      created: z.number(),
      updated: z.number(),
      failed: z.number(),
      errors: z.array(importError).describe("1-based over all items, at most 50"),
      importedAccountIds: z.array(text),
    }),
    en: "Adds or renews accounts from the text of auth.json files, exports, arrays or streams of objects; one transaction per call, and a bad item stops no other.",
    zh: "由 auth.json、导出文件、数组或对象流的文本新增或更新账号；每次调用为一个事务，单个坏条目不影响其他条目。",
  }),
  "account/usage/read": value({
    params: z.object({ accountId: optionalText }),
    result: z.object({ snapshot: usageItem.nullable() }),
    en: "The newest quota reading of one account, or of any when none is named.",
    zh: "某账号的最新额度；未指定账号时取所有账号中最新的一条。",
  }),
  "account/usage/list": value({
    result: z.object({ items: z.array(usageItem) }),
    en: "The newest quota reading of each account, newest first.",
    zh: "每个账号的最新额度，按时间倒序。",
  }),
  "account/usage/refresh": action({
    params: z.object({ accountId: optionalText }),
    en: "Reads the quota of one account, or of all, from the upstream and waits for it.",
    zh: "从上游读取一个或全部账号的额度，并等待完成。",
  }),
  "account/usage/resetCredits": value({
    result: z.object({
      items: z.array(
        z.object({
          accountId: text,
          available: numberOrNull.describe("null when the upstream has not told"),
          asOf: secondsOrNull.describe("when it was told; null when by a reading older than the newest one"),
        }),
      ),
    }),
    en: "How many credits each account has that empty its quota windows.",
    zh: "每个账号可用于重置额度窗口的次数。",
  }),
  "account/usage/resetCredit/consume": value({
    params: z.object({ accountId: required("missing accountId") }),
    result: z.object({
      accountId: text,
      code: z
        .enum(["reset", "already_redeemed"])
        .describe("`already_redeemed`: by an earlier try whose answer was lost"),
      windowsReset: z.number(),
    }),
    en: "Spends one credit to empty the quota windows of an account, and reads its quota again. A call whose answer was lost is repeated under the same id, so that it spends one credit.",
    zh: "消耗一次重置机会，清空该账号的额度窗口，并重新读取额度。应答丢失后再次调用会沿用同一编号，只消耗一次。",
  }),
};
