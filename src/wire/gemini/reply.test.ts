import fc from "fast-check";
import { expect, test } from "vitest";
import type { InternalEvent, Item } from "../internal.ts";
import { type Chunk, chunksOf, HELLO, partsOf, terms, translated } from "./testing.ts";

const SEEING = { ...HELLO, generationConfig: { thinkingConfig: { includeThoughts: true } } };

interface Made {
  readonly kind: "message" | "reasoning" | "function_call";
  readonly pieces: readonly string[];
}

const pieces = fc.array(fc.string({ unit: "grapheme", minLength: 1 }), { minLength: 1, maxLength: 4 });
const anyItem: fc.Arbitrary<Made> = fc.oneof(
  fc.record({ kind: fc.constant("message" as const), pieces }),
  fc.record({ kind: fc.constant("reasoning" as const), pieces }),
  fc.json().map((args) => ({ kind: "function_call" as const, pieces: [args] })),
);

test("any answer is the same whole or in pieces", () => {
  fc.assert(
    fc.property(fc.array(anyItem, { maxLength: 6 }), fc.boolean(), (made, isFilled) => {
      const output = made.map(itemOf);
      const usage = { input_tokens: 10, output_tokens: 7, output_tokens_details: { reasoning_tokens: 3 } };
      const response = { id: "resp_1", status: "completed", usage };
      const last = { type: "response.completed", response: { ...response, output: isFilled ? output : [] } };

      const chunks = streamed([...made.flatMap(eventsOf), last]);
      const whole = translated(SEEING).reply({ ...response, output }, terms) as Chunk;

      expect(merged(partsOf(chunks))).toEqual(merged(partsOf([whole])));
      expect(withoutContent(chunks.at(-1) ?? whole)).toEqual(withoutContent(whole));
    }),
  );
});

test("an answer tells what it cost, thoughts apart from the rest", () => {
  const usage = {
    input_tokens: 100,
    input_tokens_details: { cached_tokens: 60 },
    output_tokens: 50,
    output_tokens_details: { reasoning_tokens: 20 },
    total_tokens: 150,
  };
  expect(translated(HELLO).reply({ usage, output: [] }, terms)).toMatchObject({
    usageMetadata: {
      promptTokenCount: 100,
      cachedContentTokenCount: 60,
      candidatesTokenCount: 30,
      thoughtsTokenCount: 20,
      totalTokenCount: 150,
    },
  });
  expect(translated(HELLO).reply({ output: [] }, terms)).not.toHaveProperty("usageMetadata");
});

function streamed(events: readonly InternalEvent[]): readonly Chunk[] {
  const writer = translated(SEEING).stream(terms);
  return chunksOf(events.map((event) => writer.write(event)).join(""));
}

function itemOf({ kind, pieces: said }: Made, at: number): Item {
  const own = { type: kind, id: `item_${at}` };
  if (kind === "message") return { ...own, content: [{ type: "output_text", text: said.join("") }] };
  if (kind === "function_call") return { ...own, call_id: `call_${at}`, name: "f", arguments: said[0] };
  return { ...own, summary: said.map((text) => ({ text })), encrypted_content: `gAAAA${at}` };
}

function eventsOf(made: Made, at: number): readonly InternalEvent[] {
  const place = { item_id: `item_${at}`, output_index: at };
  const told = made.pieces.map((piece, index): InternalEvent => {
    if (made.kind === "message") return { type: "response.output_text.delta", ...place, delta: piece };
    if (made.kind === "function_call")
      return { type: "response.function_call_arguments.delta", ...place, delta: piece };
    return { type: "response.reasoning_summary_text.done", ...place, summary_index: index, text: piece };
  });
  return [...told, { type: "response.output_item.done", output_index: at, item: itemOf(made, at) }];
}

/** Texts of one kind that follow each other as one, as clients put them together. */
function merged(parts: ReturnType<typeof partsOf>) {
  const whole: Array<Record<string, unknown>> = [];
  for (const part of parts) {
    const last = whole.at(-1);
    const isMore = "text" in part && last !== undefined && "text" in last && last["thought"] === part["thought"];
    if (isMore && part["thoughtSignature"] === undefined)
      last["text"] = `${String(last["text"])}${String(part["text"])}`;
    else whole.push({ ...part });
  }
  return whole;
}

function withoutContent(chunk: Chunk): object {
  return { ...chunk, candidates: chunk.candidates.map((candidate) => ({ ...candidate, content: null })) };
}
