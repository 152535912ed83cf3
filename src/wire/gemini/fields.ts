// Reads objects of this API, whose fields may be spelled in either of two ways.
// Facts: the JSON form of protocol buffers takes `systemInstruction` and `system_instruction` alike, and bytes in either
// alphabet of base64 (protobuf.dev/programming-guides/json).

import { asObject, type JsonObject } from "../../kit/json-value.ts";

/** The object with its own keys in camel case; null for what is none. Values of null are left out: they mean nothing. */
export function fieldsOf(value: unknown): JsonObject | null {
  const object = asObject(value);
  if (object === null) return null;
  const entries = Object.entries(object).filter(([, field]) => field !== null);
  return Object.fromEntries(entries.map(([key, field]) => [camelCase(key), field]));
}

/** Keys that begin with a mark, as `$schema` and `__proto__`, are no words of this API and stay. */
export function camelCase(key: string): string {
  return key.includes("_")
    ? key.replaceAll(/(?<=[a-z\d])_([a-z\d])/g, (_, letter: string) => letter.toUpperCase())
    : key;
}
