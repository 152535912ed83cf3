// Settings of how long the request log and what was used are kept.

import { number } from "../kinds.ts";

export const requestLog = {
  daysKept: number({
    default: 90,
    minimum: 0,
    env: "CODEXMANAGER_REQUEST_LOG_KEEP_DAYS",
    applies: "hot",
    en: "How many days requests stay in the log; 0 keeps all.",
    zh: "请求日志保留的天数；0 表示不按时间清理。",
  }),
  maxMebibytes: number({
    default: 4096,
    minimum: 0,
    env: "CODEXMANAGER_REQUEST_LOG_MAX_MIB",
    applies: "hot",
    en: "How large the request log may grow, in MiB, before the oldest requests are removed; 0 sets no limit.",
    zh: "请求日志的最大体积（MiB），超出后移除最旧的请求；0 表示不限。",
  }),
  usageDaysKept: number({
    default: 0,
    minimum: 0,
    env: "CODEXMANAGER_USAGE_KEEP_DAYS",
    applies: "hot",
    en: "How many days the daily sums by account, key and model are kept; 0 keeps all.",
    zh: "按账号、密钥与模型的每日用量保留的天数；0 表示全部保留。",
  }),
};
