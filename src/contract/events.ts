// What the event stream tells: one type of event for each thing that changes while somebody looks. Instants are unix seconds,
// as everywhere in the RPC, but for the server's own clock.

import { z } from "zod";

import { noticeItem } from "./notice.ts";
import { accountItem, usageItem } from "./rpc/areas/account.ts";
import { jobItem } from "./rpc/areas/jobs.ts";
import { numberOrNull, seconds, secondsOrNull, text, textOrNull } from "./rpc/fields.ts";

/** A finished request in brief; `requestlog/read` tells the rest. */
const finishedRequest = z.object({
  traceId: text,
  createdAt: seconds,
  accountId: textOrNull,
  keyId: textOrNull,
  model: textOrNull,
  statusCode: z.number(),
  errorCode: textOrNull,
  inputTokens: numberOrNull,
  cachedInputTokens: numberOrNull,
  outputTokens: numberOrNull,
  totalTokens: numberOrNull,
  costMicroUsd: numberOrNull.describe("millionths of a US dollar"),
  durationMs: z.number(),
  firstByteMs: numberOrNull,
  routeReason: textOrNull,
  attemptCount: z.number(),
});

export const serviceEvent = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("hello").describe("the first event of each connection"),
    version: text,
    nowMs: z.number().describe("the server's clock, epoch ms"),
    lastEventId: text.describe("the newest id there is"),
  }),
  z.object({ type: z.literal("resync").describe("events were lost: fetch everything again") }),
  z.object({
    type: z.literal("account/changed"),
    id: text,
    item: accountItem.nullable().describe("as in account/list; null when it was removed"),
  }),
  z.object({
    type: z.literal("usage/changed").describe("a new reading of an account's quota"),
    id: text,
    item: usageItem.nullable().describe("as in account/usage/list"),
  }),
  z.object({
    type: z.literal("pool/changed"),
    byState: z.record(text, z.number()),
    manualAccountId: textOrNull,
    firstBackAt: secondsOrNull.describe("when the first account that cannot serve comes back by itself"),
  }),
  z.object({ type: z.literal("request/finished"), request: finishedRequest }),
  z.object({ type: z.literal("key/changed"), id: text, isRemoved: z.boolean() }),
  z.object({ type: z.literal("settings/changed"), key: text, needsRestart: z.boolean() }),
  z.object({ type: z.literal("jobs/changed"), item: jobItem.describe("as in jobs/list") }),
  z.object({ type: z.literal("notice"), notice: noticeItem }),
]);

export type ServiceEvent = z.output<typeof serviceEvent>;

export type EventType = ServiceEvent["type"];

/** An event of one type without its type. */
export type Payload<T extends EventType> = Omit<Extract<ServiceEvent, { readonly type: T }>, "type">;
