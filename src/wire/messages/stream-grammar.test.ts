// Whatever the upstream sends in whatever order, clients get a stream that they can read; and where the upstream makes
// sense, it is the same message as the one that is given whole.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { InternalEvent, Item } from "../internal.ts";
import { readStream, streamed, terms, translated, user } from "./testing.ts";

const request = { messages: [user("hello")], thinking: { type: "adaptive" } };
const created: InternalEvent = { type: "response.created", response: { id: "resp_1" } };

const words = fc.string({ maxLength: 12 });
const index = fc.integer({ min: 0, max: 3 });
const itemType = fc.constantFrom("message", "reasoning", "function_call", "web_search_call", "other");
const looseItem = fc.record(
  {
    type: itemType,
    id: fc.constantFrom("a", "b"),
    call_id: words,
    name: fc.constantFrom("", "read"),
    arguments: fc.oneof(words, fc.constant("{}")),
    encrypted_content: fc.constantFrom("", "gAAAAx"),
    summary: fc.array(fc.record({ text: words }), { maxLength: 2 }),
    content: fc.array(fc.record({ type: fc.constantFrom("output_text", "refusal"), text: words, refusal: words }), {
      maxLength: 2,
    }),
    action: fc.record({ type: fc.constantFrom("search", "open_page"), query: words }),
  },
  { requiredKeys: ["type"] },
);
const looseType = fc.constantFrom(
  "output_item.added",
  "output_item.done",
  "output_text.delta",
  "output_text.done",
  "refusal.delta",
  "refusal.done",
  "function_call_arguments.delta",
  "function_call_arguments.done",
  "reasoning_summary_text.delta",
  "reasoning_text.delta",
  "content_part.done",
  "in_progress",
  "created",
  "something.new",
);
const looseEvent = fc
  .record(
    {
      output_index: index,
      item_id: fc.constantFrom("a", "b"),
      content_index: index,
      summary_index: index,
      delta: words,
      text: words,
      refusal: words,
      arguments: words,
      item: looseItem,
    },
    { requiredKeys: [] },
  )
  .chain((fields) => looseType.map((type): InternalEvent => ({ ...fields, type: `response.${type}` })));

test("any events in any order make a stream of the grammar", () => {
  const ending = fc.record({ status: fc.constant("completed"), output: fc.array(looseItem, { maxLength: 3 }) });
  fc.assert(
    fc.property(fc.array(looseEvent, { maxLength: 30 }), ending, (events, response) => {
      readStream(streamed(request, [...events, { type: "response.completed", response }]));
    }),
    { numRuns: 1000 },
  );
});

const said = fc.string({ minLength: 1, maxLength: 12 });
const soundItem: fc.Arbitrary<Item> = fc.oneof(
  fc
    .array(
      fc.oneof(
        said.map((text) => ({ type: "output_text", text })),
        said.map((refusal) => ({ type: "refusal", refusal })),
      ),
      { minLength: 1, maxLength: 2 },
    )
    .map((content) => ({ type: "message", content })),
  fc.record({ texts: fc.array(said, { maxLength: 3 }), isSealed: fc.boolean() }).map(({ texts, isSealed }) => ({
    type: "reasoning",
    summary: texts.map((text) => ({ type: "summary_text", text })),
    encrypted_content: isSealed ? "gAAAAx" : null,
  })),
  fc
    .record({ call_id: said, name: said, input: fc.dictionary(said, fc.jsonValue(), { maxKeys: 3 }) })
    .map(({ call_id, name, input }) => ({
      type: "function_call",
      call_id,
      name,
      arguments: JSON.stringify(input),
    })),
  said.map((query) => ({ type: "web_search_call", id: query, action: { type: "search", query } })),
);

/** The events of one item, its texts cut into pieces of `size`. */
function eventsOf(item: Item, output_index: number, size: number): InternalEvent[] {
  const pieces = (type: string, whole: unknown, more: object = {}) =>
    (String(whole).match(new RegExp(`[^]{1,${size}}`, "g")) ?? []).map((delta) => ({
      type: `response.${type}`,
      output_index,
      delta,
      ...more,
    }));
  const parts = (item["content"] ?? item["summary"] ?? []) as Array<Record<string, string>>;
  const deltas = parts.flatMap(({ type, text, refusal }, at) => {
    if (type === "summary_text") return pieces("reasoning_summary_text.delta", text, { summary_index: at });
    return type === "refusal"
      ? pieces("refusal.delta", refusal, { content_index: at })
      : pieces("output_text.delta", text, { content_index: at });
  });
  const args = item["type"] === "function_call" ? pieces("function_call_arguments.delta", item["arguments"]) : [];
  const begun = { ...item, arguments: "", summary: [], content: [] };
  return [
    { type: "response.output_item.added", output_index, item: begun },
    ...deltas,
    ...args,
    { type: "response.output_item.done", output_index, item },
  ];
}

/** The events of several items mixed, each item's own in their order. */
function mixed(lists: readonly InternalEvent[][], order: readonly number[]): InternalEvent[] {
  const queues = lists.map((list) => [...list]);
  const picked = order.flatMap((at) => queues[at % Math.max(1, queues.length)]?.shift() ?? []);
  return [...picked, ...queues.flat()];
}

test("what is streamed, mixed as it may be, is what is given whole", () => {
  const order = fc.array(fc.nat(9), { maxLength: 60 });
  fc.assert(
    fc.property(
      fc.array(soundItem, { maxLength: 4 }),
      fc.integer({ min: 1, max: 5 }),
      order,
      fc.boolean(),
      (output, size, order, isRepeated) => {
        const lists = output.map((item, at) => eventsOf(item, at, size));
        const announced = lists.flatMap((list) => list.slice(0, 1));
        const events = [
          created,
          ...announced,
          ...mixed(
            lists.map((list) => list.slice(1)),
            order,
          ),
        ];
        const answer = { id: "resp_1", status: "completed", output };
        const response = { ...answer, output: isRepeated ? output : [] };
        const stream = streamed(request, [...events, { type: "response.completed", response }]);
        expect(readStream(stream)).toEqual(translated(request).reply(answer, terms));
      },
    ),
    { numRuns: 1000 },
  );
});
