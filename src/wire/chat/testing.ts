// Builders for the tests of this format.

import type { InternalEvent, InternalRequest } from "../internal.ts";
import type { AnswerTerms, RequestFault, Translation } from "../translation.ts";
import { chat } from "./index.ts";

const TARGET = { path: "/v1/chat/completions", query: "" };

export const terms: AnswerTerms = { model: "gpt-asked", owner: "acc_1", now: 1_795_000_000_000 };

export const userMessage = { role: "user", content: "Hello" };

/** A whole request with the fields given, for the tests that are about one of them. */
function translated(fields: object = {}): Translation {
  const result = translate({ messages: [userMessage], ...fields });
  if (!result.ok) throw new Error(result.fault.message);
  return result.translation;
}

export function requestOf(fields: object): InternalRequest {
  return translated(fields).request;
}

export function droppedOf(fields: object): readonly string[] {
  return translated(fields).dropped;
}

export function itemsOf(...messages: readonly unknown[]): InternalRequest["input"] {
  return requestOf({ messages }).input;
}

/** Null for a request that is taken. */
export function faultOf(fields: object): RequestFault | null {
  const result = translate({ messages: [userMessage], ...fields });
  return result.ok ? null : result.fault;
}

function translate(body: object) {
  const result = chat.translate?.(Buffer.from(JSON.stringify(body)), TARGET);
  if (result === undefined) throw new Error("This format is translated.");
  return result;
}

export interface Chunk {
  readonly id: string;
  readonly created: number;
  readonly model: string;
  readonly choices: ReadonlyArray<{
    readonly delta: Readonly<Record<string, unknown>>;
    readonly logprobs?: unknown;
    readonly finish_reason: string | null;
  }>;
  readonly usage?: unknown;
}

/** The text of the stream that the events become. */
export function streamText(events: readonly object[], fields: object = {}): string {
  const writer = translated(fields).stream(terms);
  return events.map((event) => writer.write(event as InternalEvent)).join("");
}

/** Its chunks, without the end. */
export function chunksOf(events: readonly object[], fields: object = {}): Chunk[] {
  const payloads = streamText(events, fields).split("\n\n").slice(0, -1);
  return payloads.filter((line) => line !== "data: [DONE]").map((line) => JSON.parse(line.slice(6)) as Chunk);
}

/** What the chunks change in the message, one after the other, without the role that comes first. */
export function deltasOf(events: readonly object[], fields: object = {}): object[] {
  const deltas = chunksOf(events, fields).flatMap(({ choices }) => choices.map(({ delta }) => delta));
  return deltas.filter((delta) => !("role" in delta) && Object.keys(delta).length > 0);
}

export interface Reply {
  readonly choices: ReadonlyArray<{
    readonly message: Readonly<Record<string, unknown>>;
    readonly logprobs: unknown;
    readonly finish_reason: string;
  }>;
  readonly usage?: unknown;
}

export function replyOf(answer: object, fields: object = {}): Reply {
  return translated(fields).reply({ output: [], ...answer }, terms) as Reply;
}

/** The message of a reply with this output. */
export function messageOf(output: readonly object[], fields: object = {}): Readonly<Record<string, unknown>> {
  return replyOf({ status: "completed", output }, fields).choices[0]?.message ?? {};
}
