// Knobs of the original CodexManager that have nothing to turn here. They are accepted, so that an old env file and an old
// page keep working, and reported with the reason when they are set.

import { number, text, url } from "../kinds.ts";
import type { Setting, Words } from "../setting.ts";

interface Knob {
  readonly default: number;
  readonly minimum?: number;
  readonly unit?: "ms" | "s" | "bytes";
  readonly none: Words;
}

const words = { en: "A knob of the original.", zh: "原版的参数。" };

function knob(env: string, { minimum = 0, ...facts }: Knob): Setting<number> {
  return number({ ...facts, ...words, env, minimum });
}

const noThreads: Words = {
  en: "requests are served by one event loop; there are no thread pools and no queues to size",
  zh: "请求由单个事件循环处理，没有需要设置大小的线程池或队列",
};
const noHealthDraw: Words = {
  en: "`ordered` is strictly the stored order; only `balanced` compares the health of accounts",
  zh: "`ordered` 严格按既定顺序；只有 `balanced` 会比较账号健康度",
};
const durableBindings: Words = {
  en: "conversations stay bound to their account in the database, across restarts",
  zh: "会话与账号的绑定保存在数据库中，重启后仍有效",
};
const keyedByConversation: Words = {
  en: "the prompt cache key follows from the conversation itself and needs no table in memory",
  zh: "prompt cache key 由会话本身得出，不需要内存表",
};
const noUpdateCheck: Words = { en: "this version never looks for updates", zh: "本版本不检查更新" };

export const original = {
  httpWorkerFactor: knob("CODEXMANAGER_HTTP_WORKER_FACTOR", { default: 4, minimum: 1, none: noThreads }),
  httpWorkerMin: knob("CODEXMANAGER_HTTP_WORKER_MIN", { default: 8, minimum: 1, none: noThreads }),
  httpQueueFactor: knob("CODEXMANAGER_HTTP_QUEUE_FACTOR", { default: 4, minimum: 1, none: noThreads }),
  httpQueueMin: knob("CODEXMANAGER_HTTP_QUEUE_MIN", { default: 32, minimum: 1, none: noThreads }),
  httpStreamWorkerFactor: knob("CODEXMANAGER_HTTP_STREAM_WORKER_FACTOR", { default: 1, minimum: 1, none: noThreads }),
  httpStreamWorkerMin: knob("CODEXMANAGER_HTTP_STREAM_WORKER_MIN", { default: 2, minimum: 1, none: noThreads }),
  httpStreamQueueFactor: knob("CODEXMANAGER_HTTP_STREAM_QUEUE_FACTOR", { default: 2, minimum: 1, none: noThreads }),
  httpStreamQueueMin: knob("CODEXMANAGER_HTTP_STREAM_QUEUE_MIN", { default: 16, minimum: 1, none: noThreads }),
  requestGateWaitMs: knob("CODEXMANAGER_REQUEST_GATE_WAIT_TIMEOUT_MS", {
    default: 0,
    unit: "ms",
    none: {
      en: "parallel requests of one key never wait for each other; the original made each pay 300 ms for nothing",
      zh: "同一密钥的并行请求互不等待；原版会让每个请求白等 300 毫秒",
    },
  }),
  candidateCacheTtlMs: knob("CODEXMANAGER_CANDIDATE_CACHE_TTL_MS", {
    default: 500,
    unit: "ms",
    none: {
      en: "accounts are chosen from a picture in memory that is always current",
      zh: "账号从始终最新的内存状态中选取",
    },
  }),
  healthDrawOrderedWindow: knob("CODEXMANAGER_ROUTE_HEALTH_P2C_ORDERED_WINDOW", { default: 3, none: noHealthDraw }),
  routeStateTtlSeconds: knob("CODEXMANAGER_ROUTE_STATE_TTL_SECS", {
    default: 21_600,
    unit: "s",
    none: durableBindings,
  }),
  routeStateCapacity: knob("CODEXMANAGER_ROUTE_STATE_CAPACITY", { default: 4096, none: durableBindings }),
  promptCacheTtlSeconds: knob("CODEXMANAGER_PROMPT_CACHE_TTL_SECS", {
    default: 3600,
    unit: "s",
    none: keyedByConversation,
  }),
  promptCacheCleanupIntervalSeconds: knob("CODEXMANAGER_PROMPT_CACHE_CLEANUP_INTERVAL_SECS", {
    default: 60,
    unit: "s",
    none: keyedByConversation,
  }),
  promptCacheCapacity: knob("CODEXMANAGER_PROMPT_CACHE_CAPACITY", { default: 4096, none: keyedByConversation }),
  outputTextLimitBytes: knob("CODEXMANAGER_HTTP_BRIDGE_OUTPUT_TEXT_LIMIT_BYTES", {
    default: 131_072,
    unit: "bytes",
    none: { en: "answers are never shortened, and their text is not logged", zh: "回答从不截断，其文本也不写入日志" },
  }),
  usageFailureEventWindowSeconds: knob("CODEXMANAGER_USAGE_REFRESH_FAILURE_EVENT_WINDOW_SECS", {
    default: 60,
    unit: "s",
    none: {
      en: "a failed reading is kept as the account's state and not as a row of an event table",
      zh: "读取失败记录为账号状态，不写入事件表",
    },
  }),
  importBatchSize: knob("CODEXMANAGER_ACCOUNT_IMPORT_BATCH_SIZE", {
    default: 200,
    minimum: 1,
    none: { en: "each import is one transaction of any size", zh: "每次导入是一个任意大小的事务" },
  }),
  fallbackUrl: url({
    ...words,
    default: null,
    env: "CODEXMANAGER_UPSTREAM_FALLBACK_BASE_URL",
    isStorable: false,
    none: {
      en: "a refused request is never sent to a paid API behind the user's back",
      zh: "被拒绝的请求绝不会在用户不知情时转发到付费 API",
    },
  }),
  updateRepository: text({ ...words, default: null, env: "CODEXMANAGER_UPDATE_REPO", none: noUpdateCheck }),
  githubToken: text({
    ...words,
    default: null,
    env: "CODEXMANAGER_GITHUB_TOKEN",
    isStorable: false,
    isSecret: true,
    none: noUpdateCheck,
  }),
};
