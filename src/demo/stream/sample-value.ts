// A smallest value that a JSON schema accepts: arguments of a demanded tool call, content of a structured answer.

import { type Fields, isFields } from "./request.ts";

export function sampleValue(schema: Fields): unknown {
  if ("const" in schema) return schema["const"];
  if (Array.isArray(schema["enum"])) return schema["enum"][0];
  const choices = schema["anyOf"] ?? schema["oneOf"];
  if (Array.isArray(choices) && isFields(choices[0])) return sampleValue(choices[0]);
  const type = Array.isArray(schema["type"]) ? schema["type"][0] : schema["type"];
  switch (type) {
    case "object":
      return sampleObject(schema);
    case "array":
      return isFields(schema["items"]) ? [sampleValue(schema["items"])] : [];
    case "string":
      return "demo";
    case "integer":
    case "number":
      return typeof schema["minimum"] === "number" ? schema["minimum"] : 1;
    case "boolean":
      return true;
    default:
      return isFields(schema["properties"]) ? sampleObject(schema) : null;
  }
}

function sampleObject(schema: Fields): Fields {
  const properties = isFields(schema["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema["required"]) ? schema["required"] : Object.keys(properties);
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => required.includes(name))
      .map(([name, inner]) => [name, sampleValue(isFields(inner) ? inner : {})]),
  );
}
