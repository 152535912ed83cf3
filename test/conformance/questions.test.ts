// Every client format with every upstream format: what a client asks is what the upstream is asked.

import { describe, expect, test } from "vitest";
import { asObject } from "../../src/kit/json-value.ts";
import type { InternalRequest } from "../../src/wire/internal.ts";
import type { ClientProtocol } from "../../src/wire/protocol.ts";
import { json } from "./clients/client.ts";
import { linesOf, type Question, questions } from "./question.ts";
import { speakerSides, upstreamSides } from "./registries.ts";
import type { Speaker } from "./speakers/speaker.ts";

function internalOf(protocol: ClientProtocol, speaker: Speaker, question: Question): InternalRequest {
  const { path, query, body } = speaker.write(question);
  const translated = protocol.translate?.(Buffer.from(JSON.stringify(body)), { path, query });
  if (translated === undefined) return body as InternalRequest;
  if (!translated.ok) throw new Error(translated.fault.message);
  return translated.translation.request;
}

function expected(question: Question, upstream: Speaker): string[] {
  const lines = linesOf(question);
  if (upstream.showsBehind !== true) return lines;
  return lines.map((line) => line.replace(/^look.* showed a picture$/, "user: (picture)"));
}

describe.each(speakerSides)("a client that speaks $protocol.name", ({ protocol, speaker }) => {
  const asked = Object.entries(questions).filter(([, question]) => speaker.cannotAsk?.(question) == null);

  describe.each(upstreamSides)("asks an upstream that speaks $upstream.name", ({ format, speaker: upstream }) => {
    test.each(asked)("%s", (_name, question) => {
      const request = internalOf(protocol, speaker, question);
      const body = format === null ? JSON.parse(JSON.stringify(request)) : format.request(request).body;
      expect(upstream.read(json(body))).toEqual(expected(question, upstream));
    });
  });
});

test("what cannot be asked is listed, and no more than this", () => {
  const reasons = speakerSides.flatMap(({ speaker }) =>
    Object.values(questions).flatMap((question) => {
      const reason = speaker.cannotAsk?.(question) ?? null;
      return reason === null ? [] : [`${speaker.name} ${reason}`];
    }),
  );
  expect(reasons).toEqual(["chat has only text for what tools give"]);
});

test.each(speakerSides)("the suite reads what it writes: $speaker.name", ({ speaker }) => {
  for (const question of Object.values(questions)) {
    if (speaker.cannotAsk?.(question) != null) continue;
    expect(speaker.read(asObject(speaker.write(question).body) ?? {})).toEqual(linesOf(question));
  }
});
