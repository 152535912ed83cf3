import { describe, expect, test } from "vitest";
import { OutputItems } from "./reply.ts";

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

function gathered(...events: unknown[]): OutputItems {
  const items = new OutputItems();
  for (const event of events) items.add(bytes(event));
  return items;
}

const filled = (items: OutputItems, event: unknown) => {
  const response = items.fill(bytes(event));
  return response === null ? null : (JSON.parse(response.toString()) as { output: unknown });
};

describe("the finished items", () => {
  const items = gathered(
    { output_index: 1, item: { id: "b" } },
    { item: { id: "unplaced" } },
    { output_index: 0, item: { id: "a" } },
    { output_index: 10, item: { id: "c" } },
    { output_index: 1, item: { id: "b, said again" } },
    { type: "no item at all" },
  );
  const inOrder = [{ id: "a" }, { id: "b, said again" }, { id: "c" }, { id: "unplaced" }];

  test("fill an empty output in the order of their places, those without a place last", () => {
    expect(filled(items, { type: "response.completed", response: { id: "r", output: [] } })).toEqual({
      id: "r",
      output: inOrder,
    });
  });

  test("fill an output that is missing or null", () => {
    expect(filled(items, { response: {} })?.output).toEqual(inOrder);
    expect(filled(items, { response: { output: null } })?.output).toEqual(inOrder);
  });

  test("stand back behind an output the upstream has filled itself, to the byte", () => {
    const payload = Buffer.from('{"response":{ "output" : [\n {"id":"own"} ], "n":1.0 }}');
    expect(items.fill(payload)?.toString()).toBe('{ "output" : [\n {"id":"own"} ], "n":1.0 }');
  });

  test("come to nothing where there is no response", () => {
    expect(items.fill(Buffer.from("[DONE]"))).toBeNull();
    expect(items.fill(Buffer.from('{"response":null}'))).toBeNull();
    expect(items.fill(Buffer.from('{"type":"error"}'))).toBeNull();
  });
});

test("without items the output is empty, not missing", () => {
  expect(filled(new OutputItems(), { response: {} })).toEqual({ output: [] });
});

test("items are kept as they were written", () => {
  const items = new OutputItems();
  items.add(Buffer.from('{"item":{ "n":1.0, "text":"Grüße" },"output_index":0}'));
  expect(items.fill(Buffer.from('{"response":{}}'))?.toString()).toBe('{"output":[{ "n":1.0, "text":"Grüße" }]}');
});
