// Whatever way an answer comes, a client that streams it has in the end what a client that does not is given.

import fc from "fast-check";
import { expect, test } from "vitest";
import { type Chunk, chunksOf, replyOf } from "./testing.ts";

const fields = { tools: [{ type: "custom", custom: { name: "run" } }] };

/** An item and the events that tell it. */
interface Told {
  readonly item: Readonly<Record<string, unknown>>;
  readonly events: readonly object[];
}

const texts = fc.array(fc.string({ maxLength: 6 }), { maxLength: 3 });

/** How an item is told. */
const manner = fc.record({
  isAnnounced: fc.boolean(),
  /** Of each text this part comes as deltas. */
  share: fc.constantFrom(0, 0.5, 1),
  hasWholeTexts: fc.boolean(),
  isFinished: fc.boolean(),
  naming: fc.constantFrom("id", "place", "both"),
});
type Manner = typeof manner extends fc.Arbitrary<infer T> ? T : never;

/** A text that breaks off is completed before the next one begins, as upstreams do. */
function inOrder(how: Manner): Manner {
  return how.share === 0.5 ? { ...how, hasWholeTexts: true } : how;
}

/** The names that events of the item carry. */
function names({ naming }: Manner, id: string, place: number): object {
  return { ...(naming === "place" ? {} : { item_id: id }), ...(naming === "id" ? {} : { output_index: place }) };
}

function withFrame(item: Record<string, unknown>, place: number, how: Manner, inner: readonly object[]): Told {
  const event = (type: string) => ({ type: `response.output_item.${type}`, output_index: place, item });
  // What is only in the finished output comes after everything else: text would come too late for its place.
  const isFinished = how.isFinished || (how.share < 1 && !how.hasWholeTexts && !String(item["type"]).endsWith("_call"));
  return {
    item,
    events: [...(how.isAnnounced ? [event("added")] : []), ...inner, ...(isFinished ? [event("done")] : [])],
  };
}

function textEvents(whole: string, how: Manner, delta: object, done: object): object[] {
  const cut = Math.ceil(whole.length * how.share);
  const middle = Math.floor(cut / 2);
  const pieces = [whole.slice(0, middle), whole.slice(middle, cut)].filter((piece) => piece !== "");
  return [...pieces.map((piece) => ({ ...delta, delta: piece })), ...(how.hasWholeTexts ? [done] : [])];
}

function message(place: number, parts: readonly string[], isRefusal: boolean, how: Manner): Told {
  const id = `msg_${place}`;
  const kind = isRefusal ? "refusal" : "output_text";
  const field = isRefusal ? "refusal" : "text";
  const inner = parts.flatMap((part, content_index) => {
    const at = { ...names(how, id, place), content_index };
    return textEvents(
      part,
      how,
      { type: `response.${kind}.delta`, ...at },
      { type: `response.${kind}.done`, ...at, [field]: part },
    );
  });
  return withFrame(
    { type: "message", id, content: parts.map((part) => ({ type: kind, [field]: part })) },
    place,
    how,
    inner,
  );
}

function reasoning(place: number, parts: readonly string[], how: Manner): Told {
  const id = `rs_${place}`;
  const inner = parts.flatMap((text, summary_index) => {
    const at = { ...names(how, id, place), summary_index };
    const type = "response.reasoning_summary_text";
    return textEvents(text, how, { type: `${type}.delta`, ...at }, { type: `${type}.done`, ...at, text });
  });
  const summary = parts.map((text) => ({ type: "summary_text", text }));
  return withFrame({ type: "reasoning", id, summary }, place, how, inner);
}

function call(place: number, text: string, isCustom: boolean, how: Manner): Told {
  const [type, field, events] = isCustom
    ? ["custom_tool_call", "input", "response.custom_tool_call_input"]
    : ["function_call", "arguments", "response.function_call_arguments"];
  const id = `fc_${place}`;
  const at = names(how, id, place);
  const inner = textEvents(
    text,
    how,
    { type: `${events}.delta`, ...at },
    { type: `${events}.done`, ...at, [field]: text },
  );
  const name = isCustom ? "run" : "look";
  return withFrame({ type, id, call_id: `call_${place}`, name, [field]: text }, place, how, inner);
}

const telling = fc.oneof(
  fc.tuple(texts, fc.boolean(), manner).map(
    ([parts, isRefusal, how]) =>
      (place: number) =>
        message(place, parts, isRefusal, inOrder(how)),
  ),
  fc.tuple(texts, manner).map(
    ([parts, how]) =>
      (place: number) =>
        reasoning(place, parts, inOrder(how)),
  ),
  fc.tuple(fc.string(), fc.boolean(), manner).map(
    ([text, isCustom, how]) =>
      (place: number) =>
        call(place, text, isCustom, how),
  ),
);

/** Calls that follow each other are told side by side: `picks` says whose turn it is. */
function interleaved(told: readonly Told[], picks: readonly number[]): object[] {
  const events: object[] = [];
  for (let at = 0; at < told.length;) {
    const isCall = (each: Told | undefined) => String(each?.item["type"]).endsWith("_call");
    let end = at + 1;
    while (isCall(told[at]) && isCall(told[end])) end += 1;
    const queues = told.slice(at, end).map((each) => [...each.events]);
    for (let turn = 0; queues.some((queue) => queue.length > 0); turn += 1) {
      const waiting = queues.filter((queue) => queue.length > 0);
      const queue = waiting[(picks[turn % picks.length] ?? 0) % waiting.length];
      events.push(...(queue?.splice(0, 1) ?? []));
    }
    at = end;
  }
  return events;
}

interface CallDelta {
  readonly index: number;
  readonly id?: string;
  readonly function?: { readonly name?: string; readonly arguments: string };
  readonly custom?: { readonly name?: string; readonly input: string };
}

/** What a client has that adds up the chunks. */
function addedUp(chunks: readonly Chunk[]) {
  const sum = { content: "", refusal: "", reasoning_content: "" };
  const calls: Array<{ readonly id?: string; readonly name?: string; text: string }> = [];
  for (const { delta } of chunks.flatMap(({ choices }) => choices)) {
    for (const key of ["content", "refusal", "reasoning_content"] as const)
      sum[key] += (delta[key] as string | null | undefined) ?? "";
    for (const each of (delta["tool_calls"] ?? []) as CallDelta[]) {
      const known = (calls[each.index] ??= { id: each.id, name: (each.function ?? each.custom)?.name, text: "" });
      known.text += each.function?.arguments ?? each.custom?.input ?? "";
    }
  }
  return { ...sum, calls: calls.toSorted((a, b) => String(a.id).localeCompare(String(b.id))) };
}

const scene = fc.record({
  tellings: fc.array(telling, { maxLength: 6 }),
  picks: fc.array(fc.nat(5), { minLength: 1, maxLength: 8 }),
  hasCreated: fc.boolean(),
  isCutOff: fc.boolean(),
});

test("the deltas of any stream add up to the reply made of the same answer", () => {
  const check = fc.property(scene, ({ tellings, picks, hasCreated, isCutOff }) => {
    const told = tellings.map((tell, place) => tell(place));
    const status = isCutOff ? "incomplete" : "completed";
    const response = { id: "resp_1", status, output: told.map(({ item }) => item) };
    const created = { type: "response.created", response: { id: "resp_1" } };
    const events = [
      ...(hasCreated ? [created] : []),
      ...interleaved(told, picks),
      { type: `response.${status}`, response },
    ];
    const chunks = chunksOf(events, fields);
    const reply = replyOf(response, fields);
    const [whole] = reply.choices;
    // A reply is one delta that says everything.
    const inOne = { choices: [{ delta: { ...whole?.message, tool_calls: numbered(whole?.message["tool_calls"]) } }] };
    expect(addedUp(chunks)).toEqual(addedUp([inOne as unknown as Chunk]));
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe(whole?.finish_reason);
    expect(chunks.filter(({ choices }) => choices[0]?.delta["role"] !== undefined)).toHaveLength(1);
    expect(chunksOf(events, fields)).toEqual(chunks);
  });
  fc.assert(check, { numRuns: 300 });
});

function numbered(calls: unknown): object[] {
  return ((calls ?? []) as object[]).map((each, index) => ({ ...each, index }));
}
