// Turns a frame into the body of a request that stands for itself, as it would have come over HTTP.

import type { Failure } from "../../contract/failure.ts";
import { editMembers, type MemberEdits } from "../../kit/json-edit.ts";
import { findMember, scanElements, stringOf } from "../../kit/json-scan.ts";
import { gatewayFailure } from "../failures.ts";
import type { CreateFrame } from "./client-frame.ts";
import type { ConversationMemory, ItemsText } from "./conversation-memory.ts";

export interface SelfContained {
  readonly body: Buffer;
  /** The whole conversation up to and with this request. */
  readonly items: readonly ItemsText[];
}

const OPEN = Buffer.from("[");
const COMMA = Buffer.from(",");
const CLOSE = Buffer.from("]");

/** `clientMetadata` replaces the field of that name; undefined leaves it alone. */
export function selfContained(
  frame: CreateFrame,
  memory: ConversationMemory,
  clientMetadata: string | null | undefined,
): SelfContained | Failure {
  const { text, members, previousId } = frame;
  const earlier = previousId === null ? [] : memory.recall(previousId);
  if (earlier === null) return unknownResponse(previousId ?? "");
  const added = itemsOf(frame);
  const items = added === null ? earlier : [...earlier, added];
  const edits: Record<string, MemberEdits[string]> = {
    type: null,
    generate: null,
    previous_response_id: null,
    stream: "true",
  };
  if (earlier.length > 0) edits["input"] = listOf(items);
  if (clientMetadata !== undefined) edits["client_metadata"] = clientMetadata;
  return { body: editMembers(text, edits, [...members]), items };
}

function unknownResponse(id: string): Failure {
  const message = `The previous response ${id.slice(0, 100)} is not the last one of this connection, or was too large to be remembered. Send the whole conversation.`;
  return { ...gatewayFailure("previous_response_not_found", message), param: "previous_response_id" };
}

/** What the frame adds, copied out of it so that the rest of the frame can go; null when that is nothing. */
function itemsOf({ text, members }: CreateFrame): ItemsText | null {
  const input = findMember(members, "input");
  if (input === undefined) return null;
  const plain = stringOf(text, input);
  if (plain !== undefined) {
    const content = [{ type: "input_text", text: plain }];
    return Buffer.from(JSON.stringify({ type: "message", role: "user", content }));
  }
  let start = -1;
  let end = -1;
  scanElements(text, input.start, (from, to) => {
    if (start < 0) start = from;
    end = to;
    return true;
  });
  return start < 0 ? null : Buffer.from(text.subarray(start, end));
}

function listOf(items: readonly ItemsText[]): Buffer {
  const pieces = items.flatMap((item, index) => (index === 0 ? [OPEN, item] : [COMMA, item]));
  return Buffer.concat([...pieces, CLOSE]);
}
