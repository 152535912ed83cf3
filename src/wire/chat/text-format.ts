// The form of the answer's text: `response_format` and `verbosity`, which Responses has in one field.

import { asObject, asText, type JsonObject } from "../../kit/json-value.ts";
import type { ToolNames } from "../tool-names.ts";
import { FaultyRequest } from "../translation.ts";

const PLACE = "response_format";

/** The internal `text`; undefined when nothing is said of it. */
export function textOf(body: JsonObject, names: ToolNames): JsonObject | undefined {
  const format = formatOf(body[PLACE], names);
  const verbosity = body["verbosity"] ?? undefined;
  const text = {
    ...asObject(body["text"]),
    ...(format === undefined ? {} : { format }),
    ...(verbosity === undefined ? {} : { verbosity }),
  };
  return Object.keys(text).length === 0 ? undefined : text;
}

function formatOf(value: unknown, names: ToolNames): JsonObject | undefined {
  if (value === undefined || value === null) return undefined;
  const given = asObject(value);
  const type = given === null ? "" : given["type"];
  switch (type) {
    case "text":
    case "json_object":
      return { type };
    case "json_schema":
      return schemaFormat(given ?? {}, names);
    default:
      throw new FaultyRequest(`${PLACE}.type`, `\`${PLACE}.type\` must be one of: text, json_object, json_schema.`);
  }
}

/** `strict` is off unless the client says otherwise, as Chat Completions has it. */
function schemaFormat(given: JsonObject, names: ToolNames): JsonObject {
  const { name, schema, strict, ...rest } = asObject(given["json_schema"]) ?? given;
  if (asObject(schema) === null) {
    const place = `${PLACE}.json_schema.schema`;
    throw new FaultyRequest(place, `\`${place}\` must be a JSON schema.`);
  }
  // The same limits hold for this name as for those of tools; it only labels the schema.
  return {
    ...rest,
    type: "json_schema",
    name: names.shorten(asText(name) ?? "answer"),
    strict: strict ?? false,
    schema,
  };
}
