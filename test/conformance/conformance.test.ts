// Every client format with every upstream format: what an upstream says is what a client understands, in a form it takes.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ClientProtocol } from "../../src/wire/protocol.ts";
import { type Answer, answers, type Understood } from "./answer.ts";
import type { DialectClient } from "./clients/client.ts";
import { type ClientSide, clientSides, type UpstreamSide, upstreamSides } from "./registries.ts";
import { ask, type Cut, cutBy, replyOf, toClient, toInternal, toReply } from "./way.ts";

const scenarios = Object.entries(answers);

/** What the client should understand of the answer. */
function expected(answer: Answer, { client }: ClientSide): Understood {
  const { thinking, text, calls, spent } = answer;
  const ending = answer.ending === "cut" ? "error" : answer.ending;
  // Messages does not tell the tokens of thinking apart.
  const told = client.name === "messages" ? { ...spent, reasoning: 0 } : spent;
  return { thinking, text, calls, ending, spent: ending === "error" ? null : told };
}

/** The end of a failed Responses stream holds nothing of what was said before. */
function comparable(understood: Understood, client: DialectClient): object {
  if (understood.ending !== "error") return understood;
  return client.name === "responses" ? { ending: "error" } : { ...understood, spent: null };
}

/** Why this client cannot be given all of what this upstream says; counted below. */
function skipped(answer: Answer, { client }: ClientSide, { upstream }: UpstreamSide): string | null {
  const cannot = upstream.cannotSay(answer);
  if (cannot !== null) return `${upstream.name} ${cannot}`;
  const isUnsealed = answer.thinking !== "" && upstream.name === "chat";
  return isUnsealed && client.needsSeal ? `${client.name} is shown only thinking that is sealed` : null;
}

describe.each(clientSides)("a client that speaks $protocol.name", (side) => {
  const { protocol, client } = side;

  describe.each(upstreamSides)("of an upstream that speaks $upstream.name", (up) => {
    const { format, upstream } = up;

    test.each(scenarios)("understands, as a stream and as one object: %s", (_name, answer) => {
      const asked = ask(protocol, client, true);
      const internal = toInternal(format, upstream.stream(answer), asked.request);
      const stream = toClient(protocol, asked, internal);
      expect(client.complaints(stream)).toEqual([]);
      if (skipped(answer, side, up) !== null) return;
      const wanted = comparable(expected(answer, side), client);
      expect(comparable(client.read(stream), client)).toEqual(wanted);
      const reply = toReply(ask(protocol, client, false), internal);
      if (reply === null) expect(["cut", "error"]).toContain(answer.ending);
      else expect(comparable(client.readReply(reply), client)).toEqual(wanted);
    });

    test.each(scenarios)("understands what came whole: %s", (_name, answer) => {
      const object = upstream.reply(answer);
      if (format === null || object === null || skipped(answer, side, up) !== null) return;
      const reply = replyOf(format, object, ask(protocol, client, false));
      expect(client.readReply(reply)).toEqual(expected(answer, side));
    });

    test("is answered with the same bytes for the same answer", () => {
      const tell = (): string => {
        const asked = ask(protocol, client, true);
        return toClient(
          protocol,
          asked,
          toInternal(format, upstream.stream(answers["text and calls"] as Answer), asked.request),
        );
      };
      expect(tell()).toBe(tell());
    });
  });

  describe("is told the same however the bytes are cut", () => {
    const asked = () => ask(protocol, client, true);
    const tell = (internal: string, cut?: Cut): string => toClient(protocol, asked(), internal, cut);
    const sent = (name: string): string =>
      toInternal(null, upstreamSides[0]?.upstream.stream(answers[name] as Answer) ?? "", asked().request);

    test.each(["text of many scripts", "text and calls", "thinking"])("at every place: %s", (name) => {
      const internal = sent(name);
      const wanted = tell(internal);
      for (let at = 1; at < Buffer.byteLength(internal); at += 1) {
        expect(tell(internal, (bytes) => [bytes.subarray(0, at), bytes.subarray(at)])).toBe(wanted);
      }
    });

    test("byte by byte, and with other ends of lines", () => {
      const internal = sent("text of many scripts");
      const wanted = tell(internal);
      expect(tell(internal, (bytes) => Array.from(bytes, (byte) => Buffer.of(byte)))).toBe(wanted);
      if (protocol.translate !== null) expect(tell(internal.replaceAll("\n", "\r\n"))).toBe(wanted);
    });

    test("at random", () => {
      const internal = sent("text and calls");
      const wanted = tell(internal);
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }), (sizes) => {
          expect(tell(internal, cutBy(sizes))).toBe(wanted);
        }),
        { numRuns: 30 },
      );
    });

    test("in one event of four megabytes", () => {
      const long = "x".repeat(4 * 1024 * 1024);
      const delta = {
        type: "response.output_text.delta",
        item_id: "m",
        output_index: 0,
        content_index: 0,
        delta: long,
      };
      const item = { id: "m", type: "message", role: "assistant", content: [{ type: "output_text", text: long }] };
      const events = [
        { type: "response.created", response: { id: "resp_1" } },
        { type: "response.output_item.added", output_index: 0, item: { ...item, content: [] } },
        delta,
        { type: "response.output_item.done", output_index: 0, item },
        { type: "response.completed", response: { id: "resp_1", status: "completed", output: [], usage: null } },
      ];
      const internal = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
      expect(
        client.read(tell(internal, (bytes) => [bytes.subarray(0, 1_000_000), bytes.subarray(1_000_000)])).text,
      ).toBe(long);
    });
  });
});

test("what cannot be told is listed, and no more than this", () => {
  const reasons = clientSides.flatMap((side) =>
    upstreamSides.flatMap((up) => scenarios.flatMap(([, answer]) => skipped(answer, side, up) ?? [])),
  );
  const counted = Map.groupBy(reasons, (reason) => reason);
  expect(Array.from(counted, ([reason, all]) => `${all.length} ${reason}`).toSorted()).toEqual([
    "2 messages is shown only thinking that is sealed",
    "4 messages does not tell the tokens of thinking apart",
  ]);
});

test("a format that does nothing fails nearly everything", () => {
  const first = clientSides.find(({ client }) => client.name === "chat") as ClientSide;
  const empty: ClientProtocol = {
    ...first.protocol,
    translate: () => ({
      ok: true,
      translation: {
        request: { input: [] },
        sealOwner: null,
        dropped: [],
        stream: () => ({ write: () => "" }),
        reply: () => ({}),
      },
    }),
    failureEvent: () => Buffer.alloc(0),
  };
  const failed = upstreamSides.flatMap(({ format, upstream }) =>
    scenarios.filter(([, answer]) => {
      const asked = ask(empty, first.client, true);
      const stream = toClient(empty, asked, toInternal(format, upstream.stream(answer), asked.request));
      return first.client.complaints(stream).length > 0;
    }),
  );
  expect(failed.length).toBeGreaterThanOrEqual(20);
});
