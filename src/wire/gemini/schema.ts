// Schemas of this API as JSON schemas.
// Facts: ai.google.dev/api/caching#Schema: types in capitals, `nullable`, numbers of 64 bits as texts, an order of
// properties. Clients write the same into fields that are meant for plain JSON schemas.

import { asList, asNumber, asObject, type JsonObject } from "../../kit/json-value.ts";
import { FaultyRequest } from "../translation.ts";
import { camelCase } from "./fields.ts";

/** Deeper ones are refused, as upstreams do long before. */
const DEEPEST = 100;

const SCHEMAS_BY_NAME = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);
const SCHEMA_WORDS = "items prefixItems anyOf oneOf allOf not additionalProperties contains propertyNames if then else";
const SCHEMAS = new Set(SCHEMA_WORDS.split(" "));
const WHOLE_NUMBERS = new Set("minItems maxItems minLength maxLength minProperties maxProperties".split(" "));
/** Say nothing to an upstream. */
const LEFT_OUT = new Set(["$schema", "propertyOrdering", "nullable"]);

/** `place` is the path of the schema in the request. */
export function jsonSchemaOf(value: unknown, place: string): JsonObject {
  if (asObject(value) === null) throw new FaultyRequest(place, `\`${place}\` must be a schema.`);
  return schemaAt(value, place, 0) as JsonObject;
}

/** What an upstream demands of a function's parameters: an object with its properties named. */
export function parametersSchema(value: unknown, place: string): JsonObject {
  if (value === undefined) return { type: "object", properties: {} };
  const schema = jsonSchemaOf(value, place);
  return { properties: {}, ...schema, type: "object" };
}

function schemaAt(value: unknown, place: string, depth: number): unknown {
  if (depth > DEEPEST) throw new FaultyRequest(place, `\`${place}\` is nested more than ${DEEPEST} levels deep.`);
  if (Array.isArray(value)) return value.map((entry) => schemaAt(entry, place, depth + 1));
  const given = asObject(value);
  // `true` and `false` are schemas, too.
  if (given === null) return value;
  const entries = Object.entries(given).flatMap(([spelling, field]): ReadonlyArray<readonly [string, unknown]> => {
    const key = camelCase(spelling);
    if (LEFT_OUT.has(key)) return [];
    if (key === "type") return typeEntry(field);
    if (SCHEMAS.has(key)) return [[key, schemaAt(field, place, depth + 1)]];
    if (SCHEMAS_BY_NAME.has(key)) return [[key, schemasByName(field, place, depth + 1)]];
    if (WHOLE_NUMBERS.has(key)) return [[key, asNumber(field) ?? Number(field)]];
    return key === "format" && field === "enum" ? [] : [[key, field]];
  });
  const schema = Object.fromEntries(entries);
  return given["nullable"] === true ? orNull(schema) : schema;
}

/** Names of properties are the client's own and stay as they are. */
function schemasByName(value: unknown, place: string, depth: number): unknown {
  const schemas = asObject(value);
  if (schemas === null) return value;
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, schemaAt(schema, place, depth)]));
}

function typeEntry(type: unknown): ReadonlyArray<readonly [string, unknown]> {
  if (Array.isArray(type)) return [["type", type.map((one) => String(one).toLowerCase())]];
  const word = String(type).toLowerCase();
  return word === "type_unspecified" ? [] : [["type", word]];
}

function orNull(schema: JsonObject): JsonObject {
  const { type, enum: words, anyOf } = schema;
  return {
    ...schema,
    ...(type === undefined ? {} : { type: [...(Array.isArray(type) ? type : [type]), "null"] }),
    ...(Array.isArray(words) ? { enum: [...words, null] } : {}),
    ...(type === undefined && Array.isArray(anyOf) ? { anyOf: [...asList(anyOf), { type: "null" }] } : {}),
  };
}
