// Settings of the gateway's way to the upstream: addresses, headers, limits in time and size.

import { list, number, text, toggle, url } from "../kinds.ts";

const MIB = 1024 * 1024;

export const gateway = {
  upstreamUrl: url({
    default: "https://chatgpt.com/backend-api/codex",
    env: "CODEXMANAGER_UPSTREAM_BASE_URL",
    isStorable: false,
    en: "Where ChatGPT accounts are served. Used exactly as given, loopback and plain http included.",
    zh: "ChatGPT 账号的上游地址。按所给地址原样使用，包括回环地址与 http。",
  }),
  upstreamCookie: text({
    default: null,
    env: "CODEXMANAGER_UPSTREAM_COOKIE",
    isStorable: false,
    isSecret: true,
    en: "Cookie header sent to the upstream.",
    zh: "发往上游的 Cookie 头。",
  }),
  proxies: list({
    maximumItems: 5,
    env: "CODEXMANAGER_PROXY_LIST",
    isSecret: true,
    en: "Outgoing proxies; each account always uses the same one of them. They win over `HTTP_PROXY`, `HTTPS_PROXY` and `ALL_PROXY`.",
    zh: "出站代理；每个账号固定使用其中一个。优先于 `HTTP_PROXY`、`HTTPS_PROXY` 与 `ALL_PROXY`。",
  }),
  omitsAccountHeaders: toggle({
    default: false,
    env: "CODEXMANAGER_CPA_NO_COOKIE_HEADER_MODE",
    applies: "hot",
    en: 'The original\'s "cpa-no-cookie" header mode: turn state, conversation and account id are not sent upstream.',
    zh: "原版的 “cpa-no-cookie” 请求头模式：不向上游发送 turn state、会话与账号 id。",
  }),
  filtersUnknownFields: toggle({
    default: false,
    env: "CODEXMANAGER_STRICT_REQUEST_PARAM_ALLOWLIST",
    applies: "hot",
    en: "Whether body fields outside the original's list are removed for clients other than Codex. The original had this on, which broke newer clients; ours is off.",
    zh: "是否为非 Codex 客户端删除原版清单之外的请求字段。原版默认开启，会使新客户端出错；此处默认关闭。",
  }),
  maxBodyBytes: number({
    default: 256 * MIB,
    minimum: 1024,
    unit: "bytes",
    env: "CODEXMANAGER_FRONT_PROXY_MAX_BODY_BYTES",
    applies: "hot",
    en: "Largest request body, both as sent and after decompression; more is answered 413. The original stopped at 16 MiB, below what long conversations send.",
    zh: "请求体上限，压缩前后均适用；超出返回 413。原版为 16 MiB，不足以容纳长对话。",
  }),
  connectTimeoutSeconds: number({
    default: 15,
    minimum: 1,
    unit: "s",
    env: "CODEXMANAGER_UPSTREAM_CONNECT_TIMEOUT_SECS",
    en: "Longest wait for a connection to the upstream.",
    zh: "连接上游的最长等待时间。",
  }),
  firstByteTimeoutMs: number({
    default: 120_000,
    minimum: 0,
    unit: "ms",
    env: "CODEXMANAGER_UPSTREAM_FIRST_BYTE_TIMEOUT_MS",
    applies: "hot",
    en: "Longest wait for the upstream's first answer byte before another account is tried; 0 turns the limit off.",
    zh: "等待上游首字节的最长时间，超时后改用其他账号；0 表示不限。",
  }),
  idleTimeoutMs: number({
    default: 300_000,
    minimum: 0,
    unit: "ms",
    env: "CODEXMANAGER_UPSTREAM_STREAM_TIMEOUT_MS",
    applies: "hot",
    en: "Longest silence inside a running stream; 0 turns the limit off. The original measured the whole stream and so cut long answers.",
    zh: "流进行中允许的最长静默时间；0 表示不限。原版按整个流计时，会截断长回答。",
  }),
  totalTimeoutMs: number({
    default: 0,
    minimum: 0,
    unit: "ms",
    env: "CODEXMANAGER_UPSTREAM_TOTAL_TIMEOUT_MS",
    applies: "hot",
    en: "Longest duration of a whole request, its stream included; 0 turns the limit off. The original's 120 s cut long turns; ours is off.",
    zh: "整个请求（含流）的最长时间；0 表示不限。原版为 120 秒，会截断长任务；此处默认关闭。",
  }),
  holdsFirstEvents: toggle({
    default: true,
    env: "CODEXMANAGER_HOLD_FIRST_EVENTS",
    applies: "hot",
    en: "Whether stream events that say nothing yet are held back until one does, at most 10 s, so that a refusal inside an answer with status 200 can still be absorbed by another account.",
    zh: "是否暂缓转发尚无内容的流事件（最多 10 秒），以便状态码为 200 的拒绝仍可由其他账号接替。",
  }),
  heartbeatIntervalMs: number({
    default: 15_000,
    minimum: 0,
    unit: "ms",
    env: "CODEXMANAGER_SSE_KEEPALIVE_INTERVAL_MS",
    applies: "hot",
    en: "How long a stream is silent before the client is sent a sign of life; 0 sends none.",
    zh: "流静默多久后向客户端发送一次心跳；0 表示不发送。",
  }),
};
