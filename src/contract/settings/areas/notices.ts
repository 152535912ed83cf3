// Settings of notices: which are given, from when on the pool is low, and where they are sent.

import { noticeCodes } from "../../notice.ts";
import { list, number, text, toggle, url } from "../kinds.ts";

export const notices = {
  isEnabled: toggle({
    default: false,
    env: "CODEXMANAGER_NOTICES",
    applies: "hot",
    en: "Whether notices are given: pool low or exhausted, an account that needs you, a window that was reset.",
    zh: "是否发出通知：账号池余量不足或耗尽、账号需要处理、额度窗口重置。",
  }),
  kinds: list({
    maximumItems: noticeCodes.length,
    choices: noticeCodes,
    env: "CODEXMANAGER_NOTICE_KINDS",
    applies: "hot",
    en: "Which notices are given; empty for all of them.",
    zh: "发出哪些通知；留空表示全部。",
  }),
  poolLowReady: number({
    default: 2,
    minimum: 0,
    env: "CODEXMANAGER_NOTICE_POOL_LOW_READY",
    applies: "hot",
    en: "The pool is low when fewer accounts than this can serve; it never counts as more than there are.",
    zh: "可用账号少于此数时视为余量不足；不超过账号总数。",
  }),
  poolLowPercent: number({
    default: 15,
    minimum: 0,
    env: "CODEXMANAGER_NOTICE_POOL_LOW_PERCENT",
    applies: "hot",
    en: "The pool is low when less than this share of the known quota is left, in percent.",
    zh: "已知额度的剩余比例低于此百分数时视为余量不足。",
  }),
  webhookUrl: url({
    default: null,
    env: "CODEXMANAGER_NOTICE_WEBHOOK_URL",
    isSecret: true,
    applies: "hot",
    en: "Address that each notice is posted to as JSON; empty for none. It is shown nowhere.",
    zh: "以 JSON 形式接收通知的地址；留空表示不发送。该地址不会在任何地方显示。",
  }),
  webhookSecret: text({
    default: null,
    env: "CODEXMANAGER_NOTICE_WEBHOOK_SECRET",
    isSecret: true,
    applies: "hot",
    en: "Secret that posted notices are signed with (HMAC-SHA256 of the body); empty for no signature.",
    zh: "用于对通知签名的密钥（对正文做 HMAC-SHA256）；留空表示不签名。",
  }),
  allowsPrivateAddress: toggle({
    default: false,
    env: "CODEXMANAGER_NOTICE_ALLOW_PRIVATE_ADDRESS",
    applies: "hot",
    en: "Whether the webhook may be on this machine or in a private network.",
    zh: "是否允许 webhook 位于本机或内网。",
  }),
};
