// Settings of the answers that are kept because clients may refer to them by an id instead of sending them again.

import { number } from "../kinds.ts";

export const keptResponses = {
  daysKept: number({
    default: 30,
    minimum: 0,
    env: "CODEXMANAGER_RESPONSES_KEEP_DAYS",
    applies: "hot",
    en: "How many days answers to clients of the Responses API other than Codex are kept, encrypted, so that `previous_response_id` and `item_reference` find them; 0 keeps none. A request with `store: false` is never kept.",
    zh: "为 Codex 以外的 Responses API 客户端保留回复（加密存储）的天数，供 `previous_response_id` 与 `item_reference` 查找；0 表示不保留。带 `store: false` 的请求从不保留。",
  }),
  maxCount: number({
    default: 20_000,
    minimum: 1,
    env: "CODEXMANAGER_RESPONSES_MAX_COUNT",
    applies: "hot",
    en: "How many answers are kept before the oldest are forgotten.",
    zh: "保留的回复数量上限，超出后移除最旧的回复。",
  }),
  maxMebibytes: number({
    default: 256,
    minimum: 1,
    env: "CODEXMANAGER_RESPONSES_MAX_MIB",
    applies: "hot",
    en: "How much room kept answers may take in all, in MiB, before the oldest are forgotten.",
    zh: "保留的回复占用空间的上限（MiB），超出后移除最旧的回复。",
  }),
};
