import { describe, expect, test } from "vitest";
import { isStrictSchema, toolSchema } from "./schema.ts";

describe("the schema of a tool", () => {
  test("is an object with properties, whatever is missing", () => {
    const empty = { type: "object", properties: {} };
    expect(toolSchema({})).toEqual(empty);
    expect(toolSchema({ type: "object", properties: null, $schema: "draft" })).toEqual(empty);
  });

  test("says for every list what it holds, which upstreams insist on", () => {
    const list = { type: "array" };
    const whole = { type: "array", items: {} };
    expect(
      toolSchema({
        properties: { a: list, b: { anyOf: [list, { type: ["array", "null"] }] } },
        $defs: { c: { items: list } },
      }),
    ).toMatchObject({
      properties: { a: whole, b: { anyOf: [whole, { type: ["array", "null"], items: {} }] } },
      $defs: { c: { items: whole } },
    });
  });

  test("keeps everything else as it is", () => {
    const schema = {
      type: "object",
      properties: { items: { type: "array", items: true } },
      additionalProperties: false,
    };
    expect(toolSchema(schema)).toEqual(schema);
  });
});

describe("a schema is strict", () => {
  const closed = { type: "object", properties: { a: {} }, required: ["a"], additionalProperties: false };

  test.each([
    ["closed, with all properties required", closed, true],
    ["open", { ...closed, additionalProperties: undefined }, false],
    ["with a property that may be missing", { ...closed, required: [] }, false],
    ["with such an object further down", { ...closed, properties: { a: { items: { type: "object" } } } }, false],
    ["no object at all", { type: "string" }, true],
  ])("%s: %j", (_words, schema, isStrict) => {
    expect(isStrictSchema(schema)).toBe(isStrict);
  });
});
