// Edits top-level members of a JSON object as bytes: everything that is not named stays exactly as it was.

import { scanMembers } from "./json-scan.ts";

/** New text of a member by key; null removes it; a key that is not there yet is added at the end. */
export type MemberEdits = Readonly<Record<string, string | Buffer | null>>;

/** Applies `edits` to the object in `text`. `members` saves a second scan. Returns `text` itself when nothing changes. */
export function editMembers(text: Buffer, edits: MemberEdits, members = scanMembers(text)): Buffer {
  if (members === null) return text;
  const wanted = new Map(Object.entries(edits));
  const done = new Set<string>();
  const parts: Array<Buffer | string> = [];
  let isChanged = false;
  for (const member of members) {
    const edit = wanted.get(member.key);
    if (edit === undefined) {
      parts.push(text.subarray(member.keyStart, member.end));
      continue;
    }
    isChanged = true;
    // A key that stands twice is edited once and then left out, so that no parser finds its old value.
    if (edit !== null && !done.has(member.key)) parts.push(memberText(member.key, edit));
    done.add(member.key);
  }
  for (const [key, edit] of wanted) {
    if (edit === null || done.has(key)) continue;
    isChanged = true;
    parts.push(memberText(key, edit));
  }
  return isChanged ? joinObject(parts) : text;
}

function memberText(key: string, edit: string | Buffer): Buffer | string {
  const start = `${JSON.stringify(key)}:`;
  return typeof edit === "string" ? start + edit : Buffer.concat([Buffer.from(start), edit]);
}

function joinObject(parts: ReadonlyArray<Buffer | string>): Buffer {
  const pieces: Buffer[] = [];
  for (const [index, part] of parts.entries()) {
    pieces.push(Buffer.from(index === 0 ? "{" : ","));
    pieces.push(typeof part === "string" ? Buffer.from(part) : part);
  }
  pieces.push(Buffer.from(parts.length === 0 ? "{}" : "}"));
  return Buffer.concat(pieces);
}
