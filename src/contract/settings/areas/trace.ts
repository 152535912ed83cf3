// Settings of the trace log.

import { number, toggle } from "../kinds.ts";

export const trace = {
  isEnabled: toggle({
    default: false,
    env: "CODEXMANAGER_TRACE",
    applies: "hot",
    en: "Whether each request's way is written to `gateway-trace.log` beside the database.",
    zh: "是否将每个请求的处理过程写入数据库旁的 `gateway-trace.log`。",
  }),
  bodyPreviewMaxBytes: number({
    default: 0,
    minimum: 0,
    unit: "bytes",
    env: "CODEXMANAGER_TRACE_BODY_PREVIEW_MAX_BYTES",
    applies: "hot",
    en: "How much of a request body the trace shows; 0 shows none.",
    zh: "跟踪日志中展示的请求体字节数；0 表示不展示。",
  }),
  queueCapacity: number({
    default: 2048,
    minimum: 1,
    env: "CODEXMANAGER_TRACE_QUEUE_CAPACITY",
    en: "How many trace lines may wait to be written; further ones are dropped and counted.",
    zh: "等待写入的跟踪行数上限；超出的行会丢弃并计数。",
  }),
};
