// Notices: what was told lately, and whether telling works.

import { z } from "zod";

import { noticeItem } from "../../notice.ts";
import { numberOrNull, text } from "../fields.ts";
import { value } from "../method.ts";

export const noticeMethods = {
  "notices/list": value({
    result: z.object({ items: z.array(noticeItem) }),
    en: "The newest 200 notices since the service was started, the newest first.",
    zh: "服务启动以来最近的 200 条通知，最新者在前。",
  }),
  "notices/test": value({
    result: z.object({
      isDelivered: z.boolean(),
      statusCode: numberOrNull.describe("null when no answer came"),
      message: text.describe("what happened, in a sentence"),
    }),
    en: "Sends a test notice to the webhook once, also while notices are switched off, and tells what happened.",
    zh: "向 webhook 发送一次测试通知（通知关闭时也发送），并说明结果。",
  }),
};
