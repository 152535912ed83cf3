// What a request takes for granted that somebody has kept, and how it is made whole again: with `previous_response_id`
// a client sends only what is new, with an `item_reference` only the id of an item.
// Facts: the public reference of the Responses API; what the SDKs send was seen with openai 7.55 and Vercel ai 7.

import { editMembers } from "../../kit/json-edit.ts";
import { findMember, type Member, scanElements, scanMembers, stringOf, valueOf } from "../../kit/json-scan.ts";
import { textMessage } from "./items.ts";

export interface Reliance {
  /** False when the client asks that its answer be not kept; what is left out means that it is. */
  readonly isKept: boolean;
  readonly previousResponseId: string | null;
  /** Ids of the items that are only referred to, in their order. */
  readonly references: readonly string[];
}

const REFERENCE = "item_reference";

/** Null for what is no JSON object. */
export function readReliance(body: Buffer): Reliance | null {
  const members = scanMembers(body);
  if (members === null) return null;
  const references: string[] = [];
  if (body.includes(REFERENCE)) {
    eachElement(body, findMember(members, "input"), (start) => {
      const id = referenceAt(body, start);
      if (id !== null) references.push(id);
    });
  }
  return {
    isKept: valueOf(body, findMember(members, "store")) !== false,
    previousResponseId: stringOf(body, findMember(members, "previous_response_id")) ?? null,
    references,
  };
}

export interface Recollection {
  /** JSON lists of the items that come before the request's own. */
  readonly before: readonly Buffer[];
  /** JSON text of items by id; a reference to any other id is left as it is. */
  readonly items: ReadonlyMap<string, string>;
}

/** The request with everything it refers to in its `input`. */
export function expandInput(body: Buffer, { before, items }: Recollection): Buffer {
  const members = scanMembers(body);
  const own: string[] = [];
  const input = findMember(members, "input");
  const plain = stringOf(body, input);
  if (plain !== undefined) own.push(JSON.stringify(textMessage(plain)));
  else {
    eachElement(body, input, (start, end) => {
      const id = referenceAt(body, start);
      own.push((id === null ? undefined : items.get(id)) ?? body.toString("utf8", start, end));
    });
  }
  const all = [...before.map(insideOf), ...own].filter((text) => text !== "");
  return editMembers(body, { input: `[${all.join(",")}]`, previous_response_id: null }, members ?? undefined);
}

/** The bytes of a request's `input`; null when it has none. */
export function inputOf(body: Buffer): Buffer | null {
  const input = findMember(scanMembers(body), "input");
  return input === undefined ? null : body.subarray(input.start, input.end);
}

/** A single item may stand without a list around it. */
function eachElement(body: Buffer, input: Member | undefined, visit: (start: number, end: number) => void): void {
  if (input === undefined) return;
  const isList = scanElements(body, input.start, (start, end) => {
    visit(start, end);
    return true;
  });
  if (isList === null) visit(input.start, input.end);
}

function referenceAt(body: Buffer, start: number): string | null {
  const item = scanMembers(body, start);
  if (stringOf(body, findMember(item, "type")) !== REFERENCE) return null;
  return stringOf(body, findMember(item, "id")) ?? "";
}

function insideOf(list: Buffer): string {
  return list.toString("utf8").trim().slice(1, -1).trim();
}
