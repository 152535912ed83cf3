// Makes a request of any Responses client acceptable to the ChatGPT Codex backend. Requests of Codex itself are never
// repaired: they already are what the backend wants.
// Facts: refusals of the ChatGPT Codex backend as told in public issue threads of openai/codex, litellm and others.

import { editMembers, type MemberEdits } from "../../kit/json-edit.ts";
import { findMember, type Member, scanMembers, stringOf, valueOf } from "../../kit/json-scan.ts";
import { missingItem, repairItems, textMessage } from "./items.ts";
import { backendProfile } from "./profile.ts";

/** `fault` names what no repair can help with, for the client to read. */
export type Repaired =
  | { readonly ok: true; readonly body: Buffer }
  | {
      readonly ok: false;
      readonly fault: { readonly code: FaultCode; readonly message: string };
    };

export interface RepairOptions {
  /** Also takes out every field that the original did not know. */
  readonly isStrict: boolean;
  /** Whether `input` was written here, and so needs no look. */
  readonly hasCleanInput?: boolean;
}

export function repairForBackend(body: Buffer, options: RepairOptions = { isStrict: false }): Repaired {
  const members = scanMembers(body);
  if (members === null) return refuse("The request body must be a JSON object.");
  if (findMember(members, "input") === undefined) return refuse("The field `input` is required.");
  if (stringOf(body, findMember(members, "previous_response_id")) !== undefined) {
    return refuse(notStored("previous_response_id"), "previous_response_not_found");
  }
  // Left out, it would be answered as if nothing had been said before.
  if ((valueOf(body, findMember(members, "conversation")) ?? null) !== null) return refuse(notStored("conversation"));
  const input = options.hasCleanInput ? LEFT_ALONE : repairInput(body, findMember(members, "input"));
  if (!input.ok) return input.refusal;
  const edits: Record<string, MemberEdits[string]> = { ...forced(body, members), ...renamed(body, members) };
  if (options.isStrict) {
    for (const { key } of members) if (!backendProfile.originalFields.has(key)) edits[key] = null;
  }
  if (input.text !== undefined) edits["input"] = input.text;
  return { ok: true, body: editMembers(body, edits, members) };
}

type FaultCode = "invalid_request" | "previous_response_not_found";

function refuse(message: string, code: FaultCode = "invalid_request"): Repaired {
  return { ok: false, fault: { code, message } };
}

function notStored(field: string): string {
  return `The upstream keeps nothing: send the whole conversation in \`input\` instead of \`${field}\`.`;
}

function forced(body: Buffer, members: readonly Member[]): MemberEdits {
  const edits: Record<string, string | null> = { stream: "true", store: "false" };
  for (const key of backendProfile.refusedParameters) {
    if (findMember(members, key) !== undefined) edits[key] = null;
  }
  const instructions = findMember(members, "instructions");
  if (stringOf(body, instructions) === undefined) edits["instructions"] = '""';
  const include = valueOf(body, findMember(members, "include"));
  const asked = Array.isArray(include) ? include.filter((entry) => backendProfile.includes.has(entry as string)) : [];
  if (!asked.includes("reasoning.encrypted_content")) asked.push("reasoning.encrypted_content");
  edits["include"] = JSON.stringify(asked);
  return edits;
}

function renamed(body: Buffer, members: readonly Member[]): MemberEdits {
  const edits: Record<string, string | null> = {};
  const tier = stringOf(body, findMember(members, "service_tier"));
  if (tier !== undefined) {
    const mapped = backendProfile.serviceTiers.get(tier) ?? null;
    edits["service_tier"] = mapped === null ? null : JSON.stringify(mapped);
  }
  const reasoning = findMember(members, "reasoning");
  if (reasoning !== undefined) {
    const effort = stringOf(body, findMember(scanMembers(body, reasoning.start), "effort"));
    const mapped = effort === undefined ? undefined : backendProfile.efforts.get(effort);
    if (mapped !== undefined) {
      const object = body.subarray(reasoning.start, reasoning.end);
      edits["reasoning"] = editMembers(object, { effort: JSON.stringify(mapped) }).toString("utf8");
    }
  }
  for (const key of ["tools", "tool_choice"]) {
    const member = findMember(members, key);
    if (member === undefined) continue;
    const text = body.toString("utf8", member.start, member.end);
    if (text.includes('"web_search_preview')) {
      edits[key] = text.replaceAll(/("type"\s*:\s*)"web_search_preview(?:_\d{4}_\d{2}_\d{2})?"/g, '$1"web_search"');
    }
  }
  return edits;
}

type RepairedInput = { ok: true; text: string | undefined } | { ok: false; refusal: Repaired };

const LEFT_ALONE: RepairedInput = { ok: true, text: undefined };

/** Text of the new `input`, or undefined when it may stay as it is. */
function repairInput(body: Buffer, input: Member | undefined): RepairedInput {
  const plain = stringOf(body, input);
  if (plain !== undefined) {
    return { ok: true, text: JSON.stringify([textMessage(plain)]) };
  }
  const text = body.subarray(input?.start, input?.end);
  const isList = text[0] === 0x5b;
  if (isList && !backendProfile.itemsNeedingRepair.some((mark) => text.includes(mark)))
    return { ok: true, text: undefined };
  let items: unknown;
  try {
    items = JSON.parse(text.toString("utf8"));
  } catch {
    return { ok: false, refusal: refuse("The field `input` is not valid JSON.") };
  }
  if (typeof items !== "object" || items === null) {
    return { ok: false, refusal: refuse("The field `input` must be a string or a list of items.") };
  }
  const list: readonly unknown[] = Array.isArray(items) ? items : [items];
  const missing = missingItem(list);
  if (missing !== null) return { ok: false, refusal: refuse(notStored(`item_reference ${missing}`)) };
  return { ok: true, text: JSON.stringify(repairItems(list)) };
}
