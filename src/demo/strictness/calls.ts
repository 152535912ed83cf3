// Rules about tool calls and their outputs in the input: names, call ids, and that every call has its output.

import type { Answer } from "../answer.ts";
import { type Fields, wordOf } from "../stream/request.ts";
import { empty, invalid, missing, offPattern, tooLong, wrongType } from "./refusal.ts";
import type { Rule } from "./strictness.ts";

interface CallKind {
  readonly output: string;
  /** How the refusals name the call. */
  readonly words: string;
  readonly field: "arguments" | "input";
}

const KINDS: Readonly<Record<string, CallKind>> = {
  function_call: { output: "function_call_output", words: "function call", field: "arguments" },
  custom_tool_call: { output: "custom_tool_call_output", words: "custom tool call", field: "input" },
};

const NAME_PATTERN = "^[a-zA-Z0-9_-]+$";
const MAX_NAME = 64;
const MAX_CALL_ID = 64;

const wellFormed: Rule = ({ items }) => {
  for (const [index, item] of items.entries()) {
    const refusal = refuseCall(item, `input[${index}]`);
    if (refusal) return refusal;
  }
  return null;
};

function refuseCall(item: Fields, place: string): Answer | null {
  const kind = KINDS[wordOf(item["type"])];
  const isOutput = Object.values(KINDS).some((candidate) => candidate.output === item["type"]);
  if (!kind && !isOutput) return null;
  const callId = item["call_id"];
  if (typeof callId !== "string") return missing(`${place}.call_id`);
  if (callId === "") return empty(`${place}.call_id`);
  if (callId.length > MAX_CALL_ID) return tooLong(`${place}.call_id`, callId, MAX_CALL_ID);
  if (!kind) return item["output"] === undefined ? missing(`${place}.output`) : null;
  if (typeof item[kind.field] !== "string") return wrongType(`${place}.${kind.field}`, "a string", item[kind.field]);
  return refuseName(item["name"], `${place}.name`);
}

export function refuseName(name: unknown, place: string): Answer | null {
  if (typeof name !== "string") return missing(place);
  if (name === "") return empty(place);
  if (name.length > MAX_NAME) return tooLong(place, name, MAX_NAME);
  return new RegExp(NAME_PATTERN).test(name) ? null : offPattern(place, NAME_PATTERN);
}

const paired: Rule = ({ items }) => {
  for (const [type, kind] of Object.entries(KINDS)) {
    const refusal = refuseOrphans(items, type, kind);
    if (refusal) return refusal;
  }
  return null;
};

function refuseOrphans(items: readonly Fields[], type: string, kind: CallKind): Answer | null {
  const open = new Set<unknown>();
  const answered = new Set<unknown>();
  for (const item of items) {
    const callId = item["call_id"];
    if (item["type"] === type) open.add(callId);
    if (item["type"] !== kind.output) continue;
    if (!open.delete(callId) && !answered.has(callId)) {
      return invalid("input", `No tool call found for ${kind.words} output with call_id ${wordOf(callId)}.`, null);
    }
    answered.add(callId);
  }
  const [orphan] = open;
  return orphan === undefined
    ? null
    : invalid("input", `No tool output found for ${kind.words} ${wordOf(orphan)}.`, null);
}

export const callRules: readonly Rule[] = [wellFormed, paired];
