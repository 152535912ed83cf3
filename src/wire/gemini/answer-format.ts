// Answers that have to be JSON, or one word of a list.
// Facts: ai.google.dev/gemini-api/docs/structured-output. There the root of a schema may be a list, a text or a number;
// the Responses API takes objects alone (platform.openai.com/docs/guides/structured-outputs).

import { asList, asObject, asText, type JsonObject, parseJson } from "../../kit/json-value.ts";
import { FaultyRequest } from "../translation.ts";
import { jsonSchemaOf } from "./schema.ts";

/** How the answer stands in an object that only its schema asked for: as a value of JSON, or as a bare word. */
export type Wrapping = "json" | "word" | null;

const PLACE = "generationConfig";
const ENUM = "text/x.enum";
const KEY = "answer";

interface AnswerFormat {
  /** The internal `text.format`; undefined for plain text. */
  readonly format: JsonObject | undefined;
  readonly wrapping: Wrapping;
}

export function answerFormat(config: JsonObject): AnswerFormat {
  const mime = config["responseMimeType"] ?? "";
  if (mime !== "" && mime !== "text/plain" && mime !== "application/json" && mime !== ENUM) {
    const place = `${PLACE}.responseMimeType`;
    throw new FaultyRequest(place, `\`${place}\` must be text/plain, application/json or ${ENUM}.`);
  }
  const field = ["responseJsonSchema", "_responseJsonSchema", "responseSchema"].find(
    (key) => config[key] !== undefined,
  );
  if (field !== undefined) return schemaFormat(jsonSchemaOf(config[field], `${PLACE}.${field}`), mime);
  if (mime === ENUM) {
    throw new FaultyRequest(`${PLACE}.responseSchema`, "`responseSchema` must list the words to choose from.");
  }
  return { format: mime === "application/json" ? { type: "json_object" } : undefined, wrapping: null };
}

function schemaFormat(schema: JsonObject, mime: unknown): AnswerFormat {
  const wrapping = mime === ENUM ? "word" : isObject(schema) ? null : "json";
  const { $defs, definitions, ...inner } = schema;
  const wrapped = {
    ...($defs === undefined ? {} : { $defs }),
    ...(definitions === undefined ? {} : { definitions }),
    type: "object",
    properties: { [KEY]: inner },
    required: [KEY],
    additionalProperties: false,
  };
  const fitting = wrapping === null ? { ...schema, type: "object" } : wrapped;
  return { format: { type: "json_schema", name: KEY, strict: false, schema: fitting }, wrapping };
}

function isObject({ type, properties }: JsonObject): boolean {
  return type === "object" || asList(type).includes("object") || (type === undefined && asObject(properties) !== null);
}

/** An answer that was cut off loses the beginning of its wrapping, as far as that is there. */
export function unwrapped(text: string, wrapping: Exclude<Wrapping, null>): string {
  const object = asObject(parseJson(text));
  if (object === null || !(KEY in object)) return text.replace(/^\s*\{\s*"answer"\s*:\s*/, "");
  const value = object[KEY];
  return wrapping === "word" ? (asText(value) ?? JSON.stringify(value)) : JSON.stringify(value);
}
