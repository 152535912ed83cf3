// Builders of records for tests of this folder and of those above it.

import type { AccountRecord } from "./account-rows.ts";
import type { NewCredentials } from "./credential-rows.ts";
import type { RequestRow } from "../contract/request-row.ts";

/** An account with believable values; its identity follows its id unless given. */
export function accountRecord(over: Partial<AccountRecord> & { readonly id: string }): AccountRecord {
  return {
    label: `${over.id}@example.com`,
    hasPlaceholderLabel: false,
    email: `${over.id}@example.com`,
    plan: "plus",
    upstream: "chatgpt",
    issuer: null,
    userId: `user-${over.id}`,
    chatgptAccountId: `chatgpt-${over.id}`,
    workspaceId: null,
    groupName: "IMPORT",
    sort: 0,
    status: "active",
    note: null,
    tags: [],
    priority: 0,
    mark: "normal",
    maxInflight: null,
    providerId: null,
    createdAt: 1,
    updatedAt: 1,
    ...over,
  };
}

/** Tokens named after `name`; they expire at `expiresAt` (epoch ms), by default far in the future. */
export function newCredentials(name: string, expiresAt = Date.UTC(2100, 0, 1)): NewCredentials {
  const tokens = { accessToken: `at_${name}`, refreshToken: `rt_${name}`, idToken: null };
  return { tokens, expiresAt, refreshedAt: null };
}

/** A served request with little to say. */
export function requestRow(over: Partial<RequestRow>): RequestRow {
  return {
    traceId: "trace",
    createdAt: 1_000,
    keyId: "gk_1",
    accountId: "acc_1",
    firstAccountId: "acc_1",
    method: "POST",
    path: "/v1/responses",
    protocol: "responses",
    conversation: null,
    clientModel: "gpt-5",
    model: "gpt-5",
    upstreamModel: null,
    clientReasoningEffort: null,
    reasoningEffort: null,
    serviceTier: null,
    isStream: false,
    upstreamUrl: null,
    statusCode: 200,
    errorCode: null,
    error: null,
    inputTokens: null,
    cachedInputTokens: null,
    outputTokens: null,
    reasoningOutputTokens: null,
    totalTokens: null,
    costMicroUsd: null,
    firstByteMs: null,
    durationMs: 10,
    routeReason: null,
    commitMs: null,
    candidates: [],
    attempts: [],
    skipped: [],
    skippedCount: 0,
    lost: [],
    isPaidFallback: false,
    ...over,
  };
}
