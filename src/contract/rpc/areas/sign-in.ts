// Signing in to ChatGPT accounts.

import { z } from "zod";

import { optionalText, required, seconds, secondsOrNull, text, textOrNull } from "../fields.ts";
import { action, value } from "../method.ts";

const device = z
  .object({
    userCodeUrl: text,
    tokenUrl: text,
    verificationUrl: text.describe("where the code is typed in"),
    redirectUri: text,
    userCode: text,
    expiresAt: seconds,
  })
  .nullable();

export const signInMethods = {
  "account/login/start": value({
    params: z.object({
      type: z.enum(["chatgpt", "device"]).default("chatgpt").describe("by the browser, or by a code typed in anywhere"),
      openBrowser: z.boolean().default(true).describe("accepted; whoever calls opens the address"),
      note: optionalText,
      tags: z
        .union([z.array(z.string()), z.string()])
        .nullish()
        .describe("a list, or names between commas"),
      groupName: optionalText,
      workspaceId: optionalText.describe("the only workspace that may be chosen"),
      accountId: optionalText.describe("the account that has to sign in again; anybody else is refused"),
    }),
    result: z.object({
      authUrl: text.describe("to be opened in a browser"),
      loginId: text,
      loginType: text,
      issuer: text,
      clientId: text,
      redirectUri: text,
      warning: textOrNull.describe("why the browser cannot come back by itself, and what to do then"),
      device,
    }),
    en: "Begins a sign-in; one that is under way ends.",
    zh: "开始一次登录；进行中的登录随即结束。",
  }),
  "account/login/status": value({
    params: z.object({ loginId: optionalText }),
    result: z.object({
      status: z.enum(["unknown", "pending", "success", "failed", "cancelled", "expired"]),
      error: textOrNull,
      accountId: textOrNull.describe("who has signed in"),
      updatedAt: secondsOrNull,
    }),
    en: "How a sign-in stands.",
    zh: "查询一次登录的状态。",
  }),
  "account/login/cancel": action({
    params: z.object({ loginId: required("missing loginId") }),
    en: "Gives a sign-in up.",
    zh: "放弃一次登录。",
  }),
  "account/login/complete": action({
    params: z.object({
      state: optionalText,
      code: optionalText,
      redirectUri: optionalText,
      url: optionalText.describe(
        "instead of the others: the address the browser ended at, or what follows its question mark",
      ),
    }),
    en: "Ends a sign-in whose browser could not come back by itself.",
    zh: "完成浏览器无法自动返回的登录。",
  }),
};
