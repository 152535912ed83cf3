// The way of an answer's bytes from an upstream to a client, put together as the gateway does it.

import type { Failure } from "../../src/contract/failure.ts";
import { StreamTap } from "../../src/gateway/stream-tap.ts";
import { asList, asObject, parseJson } from "../../src/kit/json-value.ts";
import { findMember, scanMembers } from "../../src/kit/json-scan.ts";
import type { InternalAnswer, InternalRequest, Item } from "../../src/wire/internal.ts";
import type { ClientProtocol } from "../../src/wire/protocol.ts";
import { ForeignStream } from "../../src/wire/responses/stream.ts";
import { ITEM_DONE, OutputItems } from "../../src/wire/responses/reply.ts";
import { TranslatedStream } from "../../src/wire/translated-stream.ts";
import type { Translation } from "../../src/wire/translation.ts";
import type { UpstreamFormat } from "../../src/wire/upstream-format.ts";
import type { DialectClient } from "./clients/client.ts";
import { parseSse, sse } from "./sse.ts";

const terms = { model: "gpt-5.5", owner: "acc_1", now: 1_700_000_000_000 };

/** What the relay tells a client when an upstream breaks off. */
const broken: Failure = {
  code: "upstream_stream_truncated",
  class: "gateway",
  scope: "request",
  retry: "never",
  message: "The upstream broke off.",
};

export interface Asked {
  /** Null for the internal form. */
  readonly translation: Translation | null;
  readonly request: InternalRequest;
}

export function ask(protocol: ClientProtocol, client: DialectClient, isStream: boolean): Asked {
  const { path, query, body } = client.request({ isStream });
  const translated = protocol.translate?.(Buffer.from(JSON.stringify(body)), { path, query });
  if (translated === undefined) return { translation: null, request: { ...body, input: [] } };
  if (!translated.ok) throw new Error(translated.fault.message);
  return { translation: translated.translation, request: translated.translation.request };
}

/** What an upstream of that format has sent, as a stream of the internal form. */
export function toInternal(format: UpstreamFormat | null, upstream: string, request: InternalRequest): string {
  if (format === null) return upstream;
  const reader = format.reader({ request, answerId: "up1", now: terms.now });
  const events = parseSse(upstream).flatMap(({ name, data }) => reader.read(name, data));
  return sse([...events, ...reader.end()]);
}

export type Cut = (bytes: Buffer) => readonly Buffer[];

/** Pieces of these sizes in turn. */
export function cutBy(sizes: readonly number[]): Cut {
  return (bytes) => {
    const cuts: Buffer[] = [];
    for (let from = 0, turn = 0; from < bytes.length; turn += 1) {
      const to = from + (sizes[turn % sizes.length] ?? 1);
      cuts.push(bytes.subarray(from, to));
      from = to;
    }
    return cuts;
  };
}

const whole: Cut = (bytes) => [bytes];

/** The stream as the client gets it, the internal one arriving in such pieces. */
export function toClient(protocol: ClientProtocol, { translation }: Asked, internal: string, cut: Cut = whole): string {
  const failureEvent = (failure: Failure): Buffer => protocol.failureEvent(failure);
  const filter =
    translation === null ? new ForeignStream() : new TranslatedStream(translation.stream(terms), failureEvent);
  const sent = cut(Buffer.from(internal)).map((piece) => filter.push(piece));
  sent.push(isEnded(internal) ? filter.end() : failureEvent(broken));
  return Buffer.concat(sent).toString();
}

/** Whether the relay finds an end in it. */
function isEnded(internal: string): boolean {
  const tap = new StreamTap(() => terms.now);
  tap.push(Buffer.from(internal));
  tap.end();
  return tap.terminal !== null;
}

/** The answer as one object; null when the client is told a failure instead. */
export function toReply({ translation }: Asked, internal: string): unknown {
  const items = new OutputItems();
  for (const { name, data } of parseSse(internal)) if (name === ITEM_DONE) items.add(Buffer.from(data));
  const last = parseSse(internal).findLast(
    ({ name }) => name === "response.completed" || name === "response.incomplete",
  );
  if (last === undefined) return null;
  const payload = Buffer.from(last.data);
  const filled = items.fill(payload) ?? payload.subarray(findMember(scanMembers(payload), "response")?.start ?? 0);
  const answer = asObject(parseJson(filled)) ?? {};
  return translation === null ? answer : translation.reply(asAnswer(answer), terms);
}

/** The answer of an upstream that came whole. */
export function replyOf(format: UpstreamFormat, object: object, { translation, request }: Asked): unknown {
  const answer = format.answer(asObject(object) ?? {}, { request, answerId: "up1", now: terms.now });
  return translation === null ? answer : translation.reply(answer, terms);
}

function asAnswer(answer: Readonly<Record<string, unknown>>): InternalAnswer {
  return { ...answer, output: asList(answer["output"]) as readonly Item[] };
}
