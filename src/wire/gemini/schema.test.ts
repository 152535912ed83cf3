import { describe, expect, test } from "vitest";
import { FaultyRequest } from "../translation.ts";
import { jsonSchemaOf, parametersSchema } from "./schema.ts";

const schema = (given: unknown) => jsonSchemaOf(given, "here");

describe("a schema", () => {
  test("has its types in small letters, at every depth", () => {
    const given = {
      type: "OBJECT",
      properties: { list: { type: "ARRAY", items: { type: "NUMBER" } } },
      any_of: [{ type: "STRING" }, { type: ["BOOLEAN", "null"] }],
      $defs: { one: { type: "INTEGER" } },
    };
    expect(schema(given)).toEqual({
      type: "object",
      properties: { list: { type: "array", items: { type: "number" } } },
      anyOf: [{ type: "string" }, { type: ["boolean", "null"] }],
      $defs: { one: { type: "integer" } },
    });
  });

  test("keeps names and values that are the client's own", () => {
    const given = {
      type: "object",
      properties: { type: { type: "STRING" }, min_items: { type: "STRING" } },
      required: ["min_items"],
      enum: ["STRING"],
      default: null,
    };
    expect(schema(given)).toEqual({
      ...given,
      properties: { type: { type: "string" }, min_items: { type: "string" } },
    });
  });

  test.each([
    [{ type: "STRING", nullable: true }, { type: ["string", "null"] }],
    [
      { type: "STRING", nullable: true, enum: ["a"] },
      { type: ["string", "null"], enum: ["a", null] },
    ],
    [{ anyOf: [{ type: "STRING" }], nullable: true }, { anyOf: [{ type: "string" }, { type: "null" }] }],
    [
      { type: "ARRAY", min_items: "1", maxItems: 2 },
      { type: "array", minItems: 1, maxItems: 2 },
    ],
    [
      { type: "STRING", format: "enum", enum: ["a"] },
      { type: "string", enum: ["a"] },
    ],
    [{ type: "TYPE_UNSPECIFIED", $schema: "x", propertyOrdering: ["a"] }, {}],
    [
      { type: "OBJECT", additionalProperties: false },
      { type: "object", additionalProperties: false },
    ],
  ])("%j is %j", (given, expected) => expect(schema(given)).toEqual(expected));

  test("of parameters is always an object", () => {
    expect(parametersSchema({}, "here")).toEqual({ type: "object", properties: {} });
  });

  test("without end is refused", () => {
    const deep = JSON.parse(`${'{"items":'.repeat(5000)}{}${"}".repeat(5000)}`) as unknown;
    expect(() => schema(deep)).toThrow(FaultyRequest);
  });
});
