// JSON schemas of tools and of structured answers, as the Responses API takes them.
// Facts: it wants `type: object` with `properties` at the top and `items` for every array; strict schemas have only closed
// objects with all properties required. The Messages API asks for none of that.

import { asList, asObject, type JsonObject } from "../../kit/json-value.ts";

const NAMED = ["properties", "$defs", "definitions", "patternProperties"];
const LISTED = ["anyOf", "oneOf", "allOf", "prefixItems"];
const SINGLE = ["items", "additionalProperties", "not"];

/** A tool's schema, with what is missing put in. */
export function toolSchema(schema: JsonObject): JsonObject {
  const { $schema: _dialect, ...rest } = withItems(schema);
  return { ...rest, type: rest["type"] ?? "object", properties: asObject(rest["properties"]) ?? {} };
}

function withItems(schema: JsonObject): JsonObject {
  const repaired: Record<string, unknown> = { ...schema };
  for (const key of NAMED) {
    const named = asObject(schema[key]);
    if (named === null) continue;
    repaired[key] = Object.fromEntries(Object.entries(named).map(([name, inner]) => [name, innerWithItems(inner)]));
  }
  for (const key of LISTED) if (Array.isArray(schema[key])) repaired[key] = schema[key].map(innerWithItems);
  for (const key of SINGLE) if (key in schema) repaired[key] = innerWithItems(schema[key]);
  if (asTypes(schema["type"]).includes("array") && !("items" in schema)) repaired["items"] = {};
  return repaired;
}

function innerWithItems(value: unknown): unknown {
  const schema = asObject(value);
  return schema === null ? value : withItems(schema);
}

/** Whether the schema keeps the rules for strict ones. */
export function isStrictSchema(schema: JsonObject): boolean {
  const properties = asObject(schema["properties"]);
  const isObject = properties !== null || asTypes(schema["type"]).includes("object");
  if (isObject) {
    const required = asList(schema["required"]);
    const names = Object.keys(properties ?? {});
    if (schema["additionalProperties"] !== false || !names.every((name) => required.includes(name))) return false;
  }
  return innerSchemas(schema).every(isStrictSchema);
}

function innerSchemas(schema: JsonObject): readonly JsonObject[] {
  const named = NAMED.flatMap((key) => Object.values(asObject(schema[key]) ?? {}));
  const listed = LISTED.flatMap((key) => asList(schema[key]));
  const single = SINGLE.map((key) => schema[key]);
  return [...named, ...listed, ...single].map(asObject).filter((inner) => inner !== null);
}

function asTypes(type: unknown): readonly unknown[] {
  return Array.isArray(type) ? type : [type];
}
