// The rules for schemas with `strict: true`: every object closed, every property required.

import { type Fields, isFields } from "../stream/request.ts";
import { list } from "./refusal.ts";

/** What is wrong with the schema, in the API's words; null when nothing is. */
export function refuseStrictSchema(schema: Fields, path: readonly string[] = []): string | null {
  const context = `In context=(${path.map((step) => `'${step}'`).join(", ")}), `;
  const properties = isFields(schema["properties"]) ? schema["properties"] : null;
  if (properties) {
    if (schema["additionalProperties"] !== false) {
      return `${context}'additionalProperties' is required to be supplied and to be false.`;
    }
    const required = Array.isArray(schema["required"]) ? schema["required"] : [];
    const lacking = Object.keys(properties).filter((name) => !required.includes(name));
    if (lacking.length > 0) {
      return `${context}'required' is required to be supplied and to be an array including every key in properties. Missing ${list(lacking)}.`;
    }
  }
  for (const [step, inner] of innerSchemas(schema, properties ?? {})) {
    const fault = refuseStrictSchema(inner, [...path, ...step]);
    if (fault !== null) return fault;
  }
  return null;
}

function innerSchemas(schema: Fields, properties: Fields): [string[], Fields][] {
  const found: [string[], unknown][] = [
    ...Object.entries(properties).map(([name, inner]): [string[], unknown] => [["properties", name], inner]),
    [["items"], schema["items"]],
    ...(Array.isArray(schema["anyOf"]) ? schema["anyOf"] : []).map((inner: unknown, index): [string[], unknown] => [
      ["anyOf", String(index)],
      inner,
    ]),
  ];
  return found.filter((entry): entry is [string[], Fields] => isFields(entry[1]));
}
