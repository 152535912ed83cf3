import fc from "fast-check";
import { expect, test } from "vitest";
import type { InternalRequest, Item } from "../internal.ts";
import { chat } from "./index.ts";

function translate(text: string): { request?: InternalRequest; fault?: unknown } {
  const result = chat.translate?.(Buffer.from(text), { path: "/v1/chat/completions", query: "" });
  return result?.ok === true ? { request: result.translation.request } : { fault: result?.fault };
}

const anything = fc.jsonValue({ maxDepth: 3 });
/** Mostly what belongs there, sometimes anything. */
const mostly = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 5, arbitrary }, { weight: 1, arbitrary: anything });
const some = <T>(fields: Record<string, fc.Arbitrary<T>>) => fc.record(fields, { requiredKeys: [] });

const id = mostly(fc.constantFrom("a", "b", "x".repeat(70), "é", "", null));
const name = mostly(fc.constantFrom("look", "run", `mcp__${"s".repeat(70)}__look`, "odd name!"));
const call = mostly(
  some<unknown>({
    id,
    type: mostly(fc.constantFrom("function", "custom")),
    function: some({ name, arguments: mostly(fc.json()) }),
  }),
);
const part = mostly(
  some<unknown>({
    type: mostly(fc.constantFrom("text", "image_url", "file", "input_audio", "refusal")),
    text: fc.string(),
    image_url: mostly(some({ url: fc.string() })),
    file: mostly(some({ file_id: fc.string() })),
  }),
);
const content = mostly(fc.oneof(fc.string(), fc.array(part, { maxLength: 3 })));
const message = mostly(
  some<unknown>({
    role: mostly(fc.constantFrom("system", "user", "assistant", "tool", "function")),
    content,
    name,
    tool_call_id: id,
    tool_calls: fc.array(call, { maxLength: 2 }),
    function_call: mostly(some({ name })),
  }),
);
const tool = mostly(
  some<unknown>({
    type: mostly(fc.constantFrom("function", "custom")),
    function: some({ name, parameters: anything }),
    custom: some({ name }),
  }),
);
const body = some<unknown>({
  model: mostly(fc.string()),
  messages: mostly(fc.array(message, { maxLength: 4 })),
  input: anything,
  tools: mostly(fc.array(tool, { maxLength: 3 })),
  functions: anything,
  tool_choice: anything,
  response_format: anything,
  reasoning: anything,
  thinking: anything,
  text: anything,
  web_search_options: anything,
  stream_options: anything,
  n: anything,
});

test("whatever is sent is translated or refused with a fault, and always alike", () => {
  const check = fc.property(mostly(body), (sent) => {
    const text = JSON.stringify(sent);
    const result = translate(text);
    expect(result.request ?? result.fault).toBeDefined();
    expect(JSON.stringify(translate(text))).toBe(JSON.stringify(result));
  });
  fc.assert(check, { numRuns: 500 });
});

/** A conversation in which every call is answered, with ids as clients give them. */
const conversation = fc
  .array(
    fc.record({ ids: fc.array(fc.constantFrom("a", "b", "x".repeat(70), null), { maxLength: 3 }), text: fc.string() }),
  )
  .map((rounds) =>
    rounds.flatMap(({ ids, text }) => [
      { role: "user", content: text },
      {
        role: "assistant",
        content: text,
        tool_calls: ids.map((each) => ({ id: each, function: { name: "look", arguments: "{}" } })),
      },
      ...ids.map((each, index) => ({ role: "tool", tool_call_id: each, content: `${index}` })),
    ]),
  );

test("a call and its output always find each other, under ids that are there once and fit", () => {
  const check = fc.property(conversation, (messages) => {
    fc.pre(messages.length > 0);
    const items = translate(JSON.stringify({ messages })).request?.input ?? [];
    const ofType = (type: string) =>
      items.filter((item: Item) => item["type"] === type).map((item) => String(item["call_id"]));
    const calls = ofType("function_call");
    expect(new Set(calls).size).toBe(calls.length);
    expect(ofType("function_call_output").toSorted()).toEqual(calls.toSorted());
    expect(calls.every((each) => /^[\w-]{1,64}$/.test(each))).toBe(true);
  });
  fc.assert(check);
});

test("a longer conversation begins with the same items, so that prompt caches hold", () => {
  const check = fc.property(conversation, conversation, (before, after) => {
    fc.pre(before.length > 0);
    const items = translate(JSON.stringify({ messages: before })).request?.input ?? [];
    const longer = translate(JSON.stringify({ messages: [...before, ...after] })).request?.input ?? [];
    expect(longer.slice(0, items.length)).toEqual(items);
  });
  fc.assert(check);
});
