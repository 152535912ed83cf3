// Takes out of a Responses request what only the account that made it can read, so that another account can serve it.

import { editMembers } from "../../kit/json-edit.ts";
import { findMember, scanElements, scanMembers, stringOf } from "../../kit/json-scan.ts";

export interface Stripped {
  readonly body: Buffer;
  /** Mark of the last item that was taken out; null when there was nothing to take out, and `body` is the one given. */
  readonly last: string | null;
}

interface Item {
  readonly text: string;
  /** Tells sealed reasoning items apart; null for everything else. */
  readonly mark: string | null;
}

/** So much of the end of a ciphertext is unlike that of any other. */
const MARK_LENGTH = 64;

/**
 * Removes reasoning items with ciphertext from `input`: all of them, or only those up to the one with the mark `through`
 * (none when it is not there). Everything else stays byte for byte; compaction items are history, not reasoning, and are
 * never touched.
 */
export function stripReasoning(body: Buffer, through: string | null = null): Stripped {
  const members = scanMembers(body);
  const input = findMember(members, "input");
  if (members === null || input === undefined) return { body, last: null };
  const items: Item[] = [];
  const isWhole = scanElements(body, input.start, (start, end) => {
    items.push({ text: body.toString("utf8", start, end), mark: reasoningMark(body, start) });
    return true;
  });
  const end = items.findLastIndex(({ mark }) => mark !== null && (through === null || mark === through));
  if (isWhole !== true || end < 0) return { body, last: null };
  const kept = items.filter(({ mark }, index) => mark === null || index > end).map(({ text }) => text);
  return { body: editMembers(body, { input: `[${kept.join(",")}]` }, members), last: items[end]?.mark ?? null };
}

function reasoningMark(body: Buffer, start: number): string | null {
  const item = scanMembers(body, start);
  if (stringOf(body, findMember(item, "type")) !== "reasoning") return null;
  return stringOf(body, findMember(item, "encrypted_content"))?.slice(-MARK_LENGTH) ?? null;
}
