// Answers that nobody thought of: whatever items they hold and however their bytes arrive, every client understands all of it.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clientSides } from "./registries.ts";
import { pieces, sse } from "./sse.ts";
import { SEALED } from "./upstreams/upstream.ts";
import { ask, cutBy, toClient } from "./way.ts";

interface Told {
  readonly kind: "text" | "thinking" | "call";
  readonly words: string;
}

const told: fc.Arbitrary<Told> = fc.record({
  kind: fc.constantFrom("text", "thinking", "call"),
  words: fc.string({
    unit: fc.constantFrom("a", "\u00fc", "\u4f60", "\u{1f389}", "\u2028", "\n", '"', "\\"),
    minLength: 1,
    maxLength: 9,
  }),
});

const numbered = (type: string, output_index: number, more: object) => ({
  type: `response.${type}`,
  output_index,
  ...more,
});

function eventsOf({ kind, words }: Told, at: number): { type: string }[] {
  const id = `item_${at}`;
  const place = { item_id: id, content_index: 0, summary_index: 0 };
  const args = JSON.stringify({ at: words });
  const [item, begun, delta, whole] = {
    text: [
      { id, type: "message", role: "assistant", content: [{ type: "output_text", text: words, annotations: [] }] },
      { content: [] },
      "output_text.delta",
      words,
    ] as const,
    thinking: [
      { id, type: "reasoning", summary: [{ type: "summary_text", text: words }], encrypted_content: SEALED },
      { summary: [] },
      "reasoning_summary_text.delta",
      words,
    ] as const,
    call: [
      { id, type: "function_call", call_id: `call_${at}`, name: "look", arguments: args },
      { arguments: "" },
      "function_call_arguments.delta",
      args,
    ] as const,
  }[kind];
  return [
    numbered("output_item.added", at, { item: { ...item, ...begun } }),
    ...pieces(whole, 2).map((piece) => numbered(delta, at, { ...place, delta: piece })),
    numbered("output_item.done", at, { item }),
  ];
}

const response = { id: "resp_1", object: "response", model: "gpt-5.5", status: "completed", output: [], usage: {} };
const sizes = fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 5 });

describe.each(clientSides)("a client that speaks $protocol.name", ({ protocol, client }) => {
  test("understands any items, however their bytes arrive", () => {
    fc.assert(
      fc.property(fc.array(told, { maxLength: 5 }), sizes, (items, cuts) => {
        const internal = sse([
          { type: "response.created", response } as { type: string },
          ...items.flatMap(eventsOf),
          { type: "response.completed", response } as { type: string },
        ]);
        const stream = toClient(protocol, ask(protocol, client, true), internal);
        expect(toClient(protocol, ask(protocol, client, true), internal, cutBy(cuts))).toBe(stream);
        expect(client.complaints(stream)).toEqual([]);
        const understood = client.read(stream);
        const words = (kind: Told["kind"]) => items.filter((item) => item.kind === kind).map((item) => item.words);
        expect(understood.text).toBe(words("text").join(""));
        expect(understood.calls).toEqual(words("call").map((at) => ({ name: "look", args: { at } })));
        // Between two thoughts there may be a blank line.
        expect(understood.thinking.replaceAll("\n", "")).toBe(words("thinking").join("").replaceAll("\n", ""));
        expect(understood.ending).toBe("done");
      }),
      { numRuns: 60 },
    );
  });
});
