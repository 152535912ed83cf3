// Rules about input items: their types, ids, and the parts a message of each role may have.

import { detail, type Answer } from "../answer.ts";
import { type Fields, isFields, wordOf } from "../stream/request.ts";
import { invalid, missing, notOneOf, tooLong, unknownParameter, wrongType } from "./refusal.ts";
import type { Rule } from "./strictness.ts";

const ITEM_TYPES = [
  "message",
  "reasoning",
  "function_call",
  "function_call_output",
  "custom_tool_call",
  "custom_tool_call_output",
  "local_shell_call",
  "local_shell_call_output",
  "web_search_call",
  "file_search_call",
  "image_generation_call",
  "code_interpreter_call",
  "tool_search_call",
  "tool_search_output",
  "mcp_call",
  "mcp_list_tools",
  "compaction",
  "compaction_summary",
  "compaction_trigger",
  "context_compaction",
  "additional_tools",
  "configuration_update",
  "agent_message",
  "item_reference",
];

/** What the id of an item begins with; types that are not listed take any id. */
const ID_PREFIXES: Readonly<Record<string, string>> = {
  message: "msg",
  reasoning: "rs",
  function_call: "fc",
  custom_tool_call: "ctc",
  custom_tool_call_output: "ctco",
};

const INPUT_PARTS = ["input_text", "input_image", "input_file", "input_audio"];
const PARTS: Readonly<Record<string, readonly string[]>> = {
  user: INPUT_PARTS,
  developer: INPUT_PARTS,
  system: INPUT_PARTS,
  assistant: ["output_text", "refusal"],
};
const PART_FIELDS = new Set([
  "type",
  "text",
  "annotations",
  "logprobs",
  "refusal",
  "image_url",
  "detail",
  "file_id",
  "file_data",
  "file_url",
  "filename",
  "input_audio",
]);

const MAX_ID = 64;

export const systemMessages: Rule = ({ items }) =>
  items.some((item) => item["role"] === "system") ? detail(400, "System messages are not allowed") : null;

const types: Rule = ({ body, strictness }) => {
  const input = Array.isArray(body["input"]) ? body["input"] : [];
  for (const [index, item] of input.entries()) {
    const place = `input[${index}]`;
    if (!isFields(item)) return wrongType(place, "an object", item);
    const type = item["type"] ?? ("role" in item ? "message" : undefined);
    if (type === undefined) return missing(`${place}.type`);
    if (!ITEM_TYPES.includes(wordOf(type)) && !strictness.extraItemTypes.has(wordOf(type))) {
      return notOneOf(`${place}.type`, type, ITEM_TYPES);
    }
  }
  return null;
};

const ids: Rule = ({ items }) => {
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    const refusal = refuseId(item, `input[${index}].id`, seen);
    if (refusal) return refusal;
  }
  return null;
};

function refuseId(item: Fields, place: string, seen: Set<string>): Answer | null {
  const { id } = item;
  if (id === undefined || id === null) return null;
  if (typeof id !== "string") return wrongType(place, "a string", id);
  if (item["type"] === "item_reference") return notPersisted(id);
  if (id.length > MAX_ID) return tooLong(place, id, MAX_ID);
  const prefix = ID_PREFIXES[wordOf(item["type"] ?? "message")];
  if (prefix && !id.startsWith(prefix)) {
    return invalid(place, `Invalid '${place}': '${id}'. Expected an ID that begins with '${prefix}'.`, "invalid_value");
  }
  if (!/^[\w-]+$/.test(id)) {
    const message = `Invalid '${place}': '${id}'. Expected an ID that contains letters, numbers, underscores, or dashes, but this value contained additional characters.`;
    return invalid(place, message, "invalid_value");
  }
  if (seen.has(id)) {
    const message = `Duplicate item found with id ${id}. Remove duplicate items from your input and try again.`;
    return invalid("input", message, null);
  }
  seen.add(id);
  return null;
}

/** What is not sent in full is looked up, and nothing is ever stored. */
export function notPersisted(id: string): Answer {
  const message = `Item with id '${id}' not found. Items are not persisted when \`store\` is set to false. Try again with \`store\` set to true, or remove this item from your input.`;
  return { ...invalid("input", message, null), status: 404 };
}

const messages: Rule = ({ items }) => {
  for (const [index, item] of items.entries()) {
    if ((item["type"] ?? "message") !== "message") continue;
    const refusal = refuseMessage(item, `input[${index}]`);
    if (refusal) return refusal;
  }
  return null;
};

function refuseMessage(item: Fields, place: string): Answer | null {
  const { role, content } = item;
  const allowed = PARTS[wordOf(role)];
  if (!allowed) return notOneOf(`${place}.role`, role, Object.keys(PARTS));
  if (typeof content === "string") return null;
  if (!Array.isArray(content)) return wrongType(`${place}.content`, "one of an array of objects or string", content);
  for (const [index, part] of content.entries()) {
    const partPlace = `${place}.content[${index}]`;
    if (!isFields(part)) return wrongType(partPlace, "an object", part);
    if (!allowed.includes(wordOf(part["type"]))) return notOneOf(`${partPlace}.type`, part["type"], allowed);
    const unknown = Object.keys(part).find((name) => !PART_FIELDS.has(name));
    if (unknown !== undefined) return unknownParameter(`${partPlace}.${unknown}`);
  }
  return null;
}

export const itemRules: readonly Rule[] = [types, ids, messages];
