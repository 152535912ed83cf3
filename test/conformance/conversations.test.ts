// Every client format with every upstream format over two turns: the client gives back what it was told, and the upstream finds its
// own words in it, with the signature that it put on its thinking.

import { expect, test } from "vitest";
import { type Answer, answers } from "./answer.ts";
import { json } from "./clients/client.ts";
import { linesOf } from "./question.ts";
import { type ClientSide, clientSides, speakerSides, type UpstreamSide, upstreamSides } from "./registries.ts";
import { BEGINNING } from "./speakers/speaker.ts";
import { SEALED } from "./upstreams/upstream.ts";
import { ask, toClient, toInternal, toReply } from "./way.ts";

const answer = answers["thinking and a call"] as Answer;

/** What the upstream wants to see of its thinking. */
const MARKS: Readonly<Record<string, string>> = {
  responses: SEALED,
  chat: '"reasoning_content":"Hm."',
  messages: '"thinking":"Hm.","signature":"c2lnbmF0dXJl"',
  gemini: '"thoughtSignature":"c2lnbmF0dXJl"',
};

const pairs = clientSides.flatMap((side) => upstreamSides.map((up) => ({ side, up })));

/** The second request, as the upstream is sent it. */
function secondRequest({ protocol, client }: ClientSide, { format, upstream }: UpstreamSide): object {
  const speaker = speakerSides.find((each) => each.protocol === protocol)?.speaker;
  const asked = ask(protocol, client, false);
  const reply = json(toReply(asked, toInternal(format, upstream.stream(answer), asked.request)));
  const { path, query, body } = speaker?.goOn(reply, "found") ?? { path: "", query: "", body: {} };
  const translated = protocol.translate?.(Buffer.from(JSON.stringify(body)), { path, query });
  if (translated?.ok === false) throw new Error(translated.fault.message);
  const request = translated?.translation.request ?? { ...body, input: json(body)["input"] as [] };
  return format === null ? request : format.request(request).body;
}

test.each(pairs)("$side.client.name goes on with what $up.upstream.name said", ({ side, up }) => {
  const lines = linesOf({
    ...BEGINNING,
    said: [
      ...BEGINNING.said,
      { who: "model", call: "c", name: "look", args: { at: "a" } },
      { who: "tool", of: "c", name: "look", gave: "found" },
    ],
  });
  const read = up.speaker.read(json(secondRequest(side, up))).filter((line) => line !== "odd: reasoning");
  expect(read.filter((line) => line !== "model: Hm.")).toEqual(lines);
});

test("signed thinking comes back, but for what is listed", () => {
  const lost = pairs.flatMap(({ side, up }) => {
    const body = JSON.stringify(secondRequest(side, up));
    return body.includes(MARKS[up.upstream.name] ?? "?") ? [] : [`${side.client.name} of ${up.upstream.name}`];
  });
  // Messages of Chat Completions have no field for signatures, and their thinking is not given back.
  expect(lost).toEqual(["chat of responses", "chat of chat", "chat of messages", "chat of gemini"]);
});

test.each(pairs)("$side.client.name is told the same signature in a stream of $up.upstream.name", ({ side, up }) => {
  const { protocol, client } = side;
  const asked = ask(protocol, client, true);
  const internal = toInternal(up.format, up.upstream.stream(answer), asked.request);
  const whole = JSON.stringify(toReply(asked, internal));
  expect(signatureIn(toClient(protocol, asked, internal))).toBe(signatureIn(whole));
});

/** The last, for one that comes with a beginning is not valid yet. */
function signatureIn(told: string): string | undefined {
  const found = told.matchAll(/"(?:signature|thoughtSignature|encrypted_content)":"([^"]+)"/g);
  return Array.from(found, ([, signature]) => signature).at(-1);
}
