// Reads the few fields of a Responses request that routing needs, from the bytes.

import { createHash } from "node:crypto";
import { findMember, isTrue, type Member, scanElements, scanMembers, stringOf, valueOf } from "../../kit/json-scan.ts";
import type { RequestFields } from "../protocol.ts";

/** So much of each part of an opening is enough to tell conversations apart. */
const OPENING_BYTES = 16 * 1024;

/**
 * The conversation is named by `prompt_cache_key`, `client_metadata.thread_id` or a session in `metadata.user_id`,
 * first present wins.
 */
export function readRequestFields(body: Buffer): RequestFields {
  const members = scanMembers(body);
  const reasoning = scanIfPresent(body, findMember(members, "reasoning"));
  return {
    model: stringOf(body, findMember(members, "model")) ?? null,
    isStream: isTrue(body, findMember(members, "stream")),
    reasoningEffort: stringOf(body, findMember(reasoning, "effort")) ?? null,
    serviceTier: stringOf(body, findMember(members, "service_tier")) ?? null,
    conversation: conversationName(body, members),
  };
}

/** What Codex writes behind the conversation: its tools come in between, so the last bytes hold the rest. */
const TAIL_BYTES = 16 * 1024;

/**
 * Codex puts the model before `input` and everything small at the end (0.58 to 0.169), so neither the conversation nor
 * the tools have to be looked through. A quote in a string is always escaped: these keys cannot stand inside a text.
 */
export function readNativeFields(body: Buffer): RequestFields | null {
  const head = scanMembers(body, 0, "input");
  const model = stringOf(body, findMember(head, "model"));
  if (model === undefined) return null;
  const tail = body.toString("latin1", Math.max(0, body.length - TAIL_BYTES));
  return {
    model,
    isStream: isTrue(body, findMember(head, "stream")) || /"stream":\s*true/.test(tail),
    reasoningEffort: /"reasoning":\s*\{\s*"effort":\s*"(\w+)"/.exec(tail)?.[1] ?? null,
    serviceTier: /"service_tier":\s*"(\w+)"/.exec(tail)?.[1] ?? null,
    conversation: null,
  };
}

function conversationName(body: Buffer, members: readonly Member[] | null): string | null {
  const cacheKey = stringOf(body, findMember(members, "prompt_cache_key"));
  if (cacheKey !== undefined && cacheKey !== "") return cacheKey;
  const clientMetadata = scanIfPresent(body, findMember(members, "client_metadata"));
  const thread = stringOf(body, findMember(clientMetadata, "thread_id"));
  if (thread !== undefined && thread !== "") return thread;
  const metadata = scanIfPresent(body, findMember(members, "metadata"));
  return sessionOf(stringOf(body, findMember(metadata, "user_id")));
}

/** Claude Code names its session inside `user_id`, as JSON or as a suffix; a bare id is a person, not a session. */
export function sessionOf(userId: string | undefined): string | null {
  if (userId === undefined) return null;
  const suffix = /_session_([\w-]+)$/.exec(userId)?.[1];
  if (suffix !== undefined) return suffix;
  if (!userId.startsWith("{")) return null;
  const text = Buffer.from(userId);
  return stringOf(text, findMember(scanMembers(text), "session_id")) ?? null;
}

function scanIfPresent(body: Buffer, member: Member | undefined): Member[] | null {
  return member === undefined ? null : scanMembers(body, member.start);
}

/** A digest of the instructions and everything up to the first user message: the part that every turn repeats. */
export function readOpening(body: Buffer): string | null {
  const members = scanMembers(body);
  const input = findMember(members, "input");
  if (input === undefined) return null;
  const digest = createHash("sha1");
  const instructions = findMember(members, "instructions");
  if (instructions !== undefined) digest.update(clipped(body, instructions.start, instructions.end));
  const isList = scanElements(body, input.start, (start, end) => {
    digest.update(clipped(body, start, end));
    return stringOf(body, findMember(scanMembers(body, start), "role")) !== "user";
  });
  if (isList === null) digest.update(clipped(body, input.start, input.end));
  return digest.digest("base64url");
}

function clipped(body: Buffer, start: number, end: number): Buffer {
  return body.subarray(start, Math.min(end, start + OPENING_BYTES));
}

/** What ties a request to the account that served the turns before it. */
export interface BoundParts {
  readonly previousResponse: boolean;
  readonly files: boolean;
  readonly compaction: boolean;
  readonly reasoning: boolean;
}

/** Looks for account-bound parts by their tell-tale bytes; may say yes for a text that merely quotes them. */
export function findBoundParts(body: Buffer): BoundParts {
  const members = scanMembers(body);
  return {
    previousResponse: typeof valueOf(body, findMember(members, "previous_response_id")) === "string",
    files: body.includes('"file_id":"file') || body.includes('"file_id": "file'),
    compaction: body.includes('"compaction"') || body.includes('"compaction_summary"'),
    reasoning: body.includes('"encrypted_content"'),
  };
}
