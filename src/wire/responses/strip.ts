// Takes out of a Responses request what only the account that made it can read, so that another account can serve it.

import { editMembers } from "../../kit/json-edit.ts";
import { findMember, scanElements, scanMembers, stringOf } from "../../kit/json-scan.ts";

/**
 * Removes reasoning items with ciphertext from `input`; everything else stays byte for byte. Compaction items are
 * history, not reasoning, and are never touched. Returns `body` itself when there was nothing to remove.
 */
export function stripReasoning(body: Buffer): Buffer {
  const members = scanMembers(body);
  const input = findMember(members, "input");
  if (members === null || input === undefined) return body;
  const kept: string[] = [];
  let removed = 0;
  const isWhole = scanElements(body, input.start, (start, end) => {
    if (isSealedReasoning(body, start)) removed += 1;
    else kept.push(body.toString("utf8", start, end));
    return true;
  });
  return isWhole !== true || removed === 0 ? body : editMembers(body, { input: `[${kept.join(",")}]` }, members);
}

function isSealedReasoning(body: Buffer, start: number): boolean {
  const item = scanMembers(body, start);
  if (stringOf(body, findMember(item, "type")) !== "reasoning") return false;
  return stringOf(body, findMember(item, "encrypted_content")) !== undefined;
}
