// Settings of choosing an account and of trying again.

import { choice, number, text } from "../kinds.ts";

export const routing = {
  strategy: choice({
    default: "ordered",
    choices: ["ordered", "balanced"],
    aliases: {
      order: "ordered",
      priority: "ordered",
      sequential: "ordered",
      round_robin: "balanced",
      "round-robin": "balanced",
      rr: "balanced",
    },
    env: "CODEXMANAGER_ROUTE_STRATEGY",
    level: "basic",
    applies: "hot",
    en: "Which account a new conversation gets: the first of the stored order, or each in turn.",
    zh: "新会话使用哪个账号：按既定顺序取第一个，或轮流使用。",
  }),
  manualAccountId: text({
    default: null,
    applies: "hot",
    en: "The account that is tried before all others; empty for none.",
    zh: "优先于其他账号使用的账号；空表示不指定。",
  }),
  maxInflightPerAccount: number({
    default: 0,
    minimum: 0,
    env: "CODEXMANAGER_ACCOUNT_MAX_INFLIGHT",
    applies: "hot",
    en: "How many requests one account serves at once before another is preferred; 0 sets no limit.",
    zh: "单个账号同时处理的请求数，达到后优先使用其他账号；0 表示不限。",
  }),
  attemptsPerAccount: number({
    default: 3,
    minimum: 1,
    env: "CODEXMANAGER_ATTEMPTS_PER_ACCOUNT",
    applies: "hot",
    en: "How often one request may be tried on the same account.",
    zh: "一个请求在同一账号上最多尝试的次数。",
  }),
  retryBudgetMs: number({
    default: 20_000,
    minimum: 0,
    unit: "ms",
    env: "CODEXMANAGER_RETRY_BUDGET_MS",
    applies: "hot",
    en: "How much time refused attempts of one request may take together; waiting for a first byte is not counted.",
    zh: "一个请求中被拒绝的尝试合计可用的时间；等待首字节的时间不计入。",
  }),
  coolDownPatienceMs: number({
    default: 10_000,
    minimum: 0,
    unit: "ms",
    env: "CODEXMANAGER_COOLDOWN_PATIENCE_MS",
    applies: "hot",
    en: "How long a request waits for an account that is only cooling down briefly before it is answered 429.",
    zh: "所有账号仅处于短暂冷却时，请求等待多久后才返回 429。",
  }),
};
