// What is measured: the kinds of traffic, how much of each, and the goals.

import type { AnswerName } from "./answers.ts";
import type { RequestKind } from "./requests.ts";

export interface TrafficCase {
  readonly name: string;
  readonly label: string;
  readonly kind: RequestKind;
  readonly answer: AnswerName;
  /** Requests of one measurement. */
  readonly count: number;
  /** Most microseconds of processor time per request; null where no goal is set. */
  readonly goal: Goal | null;
  /** The case of the same size whose answer is passed through: a translated one may take so many times as much. */
  readonly passThrough?: { readonly name: string; readonly times: number };
}

export interface Goal {
  readonly micros: number;
  /** What a bare relay took on the machine the goal was set on: makes the goal comparable on slower and faster ones. */
  readonly relayMicros: number;
}

const RESPONSES = "/v1/responses";

const small: RequestKind = {
  client: "codex",
  path: RESPONSES,
  bodyBytes: 1024,
  conversations: "few",
  isStream: true,
};

/** A unary answer: what Codex asks for when it compacts. */
export const json: TrafficCase = {
  name: "json",
  label: "JSON",
  kind: { ...small, path: `${RESPONSES}/compact`, isStream: false },
  answer: "json",
  count: 6000,
  goal: { micros: 110, relayMicros: 68 },
};

export const traffic: readonly TrafficCase[] = [
  json,
  {
    name: "stream50",
    label: "50 events",
    kind: small,
    answer: "events50",
    count: 4000,
    goal: { micros: 180, relayMicros: 113 },
  },
  {
    name: "stream500",
    label: "500 events",
    kind: small,
    answer: "events500",
    count: 1500,
    goal: { micros: 400, relayMicros: 283 },
  },
  { name: "body1k", label: "1 KB body, 10 events", kind: small, answer: "events10", count: 5000, goal: null },
  {
    name: "body100k",
    label: "100 KB body, 10 events",
    kind: { ...small, bodyBytes: 100 * 1024 },
    answer: "events10",
    count: 1500,
    goal: { micros: 500, relayMicros: 307 },
  },
  {
    name: "body1m",
    label: "1 MB body, 10 events",
    kind: { ...small, bodyBytes: 1024 * 1024 },
    answer: "events10",
    count: 300,
    goal: { micros: 2500, relayMicros: 1950 },
  },
  {
    name: "foreign",
    label: "other client, 1 KB, 10 events",
    kind: { ...small, client: "sdk" },
    answer: "events10",
    count: 4000,
    goal: null,
  },
  {
    name: "folded",
    label: "other client, no stream",
    kind: { ...small, client: "sdk", isStream: false },
    answer: "events10",
    count: 4000,
    goal: null,
  },
];

const GEMINI = "/v1beta/models/gpt-5.5:streamGenerateContent?alt=sse";
const translated = {
  answer: "events500",
  count: 1500,
  goal: null,
  passThrough: { name: "stream500", times: 2.5 },
} as const;

/** The same answers, translated into the formats of other clients. */
export const translations: readonly TrafficCase[] = [
  {
    ...translated,
    name: "chat500",
    label: "Chat, 500 events",
    kind: { ...small, client: "chat", path: "/v1/chat/completions" },
  },
  {
    ...translated,
    name: "messages500",
    label: "Messages, 500 events",
    kind: { ...small, client: "messages", path: "/v1/messages" },
  },
  { ...translated, name: "gemini500", label: "Gemini, 500 events", kind: { ...small, client: "gemini", path: GEMINI } },
  {
    name: "messages1m",
    label: "Messages, 1 MB body, 10 events",
    kind: { ...small, client: "messages", path: "/v1/messages", bodyBytes: 1024 * 1024 },
    answer: "events10",
    count: 300,
    goal: { micros: 12_000, relayMicros: 1950 },
  },
];

/** Every request in a conversation of its own, so that an account is chosen each time. */
export const choosing: TrafficCase = { ...json, kind: { ...json.kind, conversations: "fresh" }, goal: null };

export const openKind: RequestKind = { ...small, conversations: "fresh" };

export const poolSizes: readonly number[] = [10, 1_000, 10_000];
export const logSizes: readonly number[] = [0, 1_000_000];

export const goals = {
  idleBytes: 90_000_000,
  readyMs: 600,
} as const;

/** Everything `--only` may name. */
export const caseNames: readonly string[] = [
  ...[...traffic, ...translations].map((each) => each.name),
  "idle",
  "ready",
  "paced",
  "streams",
  "sockets",
  "accounts",
  "log",
];
