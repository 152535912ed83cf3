// Makes a request whole again that refers to earlier answers by their ids: from then on it is like any other. What is
// not kept here leads to the answer upon which a client sends everything anew.

import type { Failure } from "../../contract/failure.ts";
import { asList, asObject, asText, parseJson } from "../../kit/json-value.ts";
import { findMember, scanMembers } from "../../kit/json-scan.ts";
import { isReasoningId } from "../../wire/responses/items.ts";
import { expandInput, readReliance } from "../../wire/responses/storage.ts";
import type { Admitted } from "../admit.ts";
import { gatewayFailure, isFailure } from "../failures.ts";
import type { KeptAnswer } from "../ports.ts";
import type { KeptResponses } from "./kept-responses.ts";

export interface Recalled {
  /** Whether the answer may be referred to later. */
  readonly isToBeKept: boolean;
  /** What was put in; null when the request was whole already. */
  readonly recalled: {
    /** The account that sealed the reasoning among it. */
    readonly accountId: string;
    /** The answer that is gone on from. */
    readonly responseId: string;
    /** Its conversation by its hash; null when it began one and nothing named it. */
    readonly conversation: string | null;
  } | null;
}

const TAKES_NO_IDS: ReadonlySet<string> = new Set(["compact", "forward"]);

export const nothingRecalled: Recalled = { isToBeKept: false, recalled: null };

/** Codex itself sends everything each time, and other formats know no such ids. */
export async function recall(
  { route, isNative, body, key }: Pick<Admitted, "route" | "isNative" | "body" | "key">,
  kept: KeptResponses,
): Promise<Recalled | Failure> {
  if (isNative || route.protocol.translate !== null || TAKES_NO_IDS.has(route.operation)) return nothingRecalled;
  const reliance = readReliance(body.text);
  if (reliance === null) return nothingRecalled;
  const { isKept: isToBeKept, previousResponseId, references } = reliance;
  const previous = previousResponseId === null ? null : await kept.find(key.id, previousResponseId);
  if (previousResponseId !== null && previous === null) return unknownResponse(previousResponseId);
  const found = references.length === 0 ? [] : await findItems(key.id, references, kept);
  if (isFailure(found)) return found;
  const from = previous ?? found.at(-1)?.maker;
  if (from === undefined) return { isToBeKept, recalled: null };
  // Sealed reasoning of one account is all that one request may carry.
  const readable = found.filter(({ id, maker }) => !isReasoningId(id) || maker.accountId === from.accountId);
  const before = previous === null ? [] : [previous.input, outputOf(previous.answer)];
  const items = new Map(readable.map(({ id, text }) => [id, text]));
  body.text = expandInput(body.text, { before, items });
  const { accountId, id: responseId, conversation } = from;
  return { isToBeKept, recalled: { accountId, responseId, conversation } };
}

interface FoundItem {
  readonly id: string;
  readonly text: string;
  readonly maker: KeptAnswer;
}

/** In the order of the references. Reasoning that is not kept is left to be dropped; of anything else nothing may be missing. */
async function findItems(
  keyId: string,
  references: readonly string[],
  kept: KeptResponses,
): Promise<readonly FoundItem[] | Failure> {
  const byId = new Map<string, FoundItem>();
  for (const maker of await kept.findByItems(keyId, [...new Set(references)])) {
    for (const item of asList(asObject(parseJson(maker.answer))?.["output"])) {
      const id = asText(asObject(item)?.["id"]);
      if (id !== null) byId.set(id, { id, text: JSON.stringify(item), maker });
    }
  }
  const missing = references.find((id) => !byId.has(id) && !isReasoningId(id));
  return missing === undefined ? references.flatMap((id) => byId.get(id) ?? []) : unknownItem(missing);
}

function outputOf(answer: Buffer): Buffer {
  const output = findMember(scanMembers(answer), "output");
  return output === undefined ? Buffer.from("[]") : answer.subarray(output.start, output.end);
}

function unknownResponse(id: string): Failure {
  const message = `Previous response with id '${id}' not found here. Send the whole conversation in \`input\` instead.`;
  return { ...gatewayFailure("previous_response_not_found", message), param: "previous_response_id" };
}

function unknownItem(id: string): Failure {
  const message = `Item with id '${id}' not found here. Send the item itself instead of an \`item_reference\`.`;
  return { ...gatewayFailure("previous_response_not_found", message), param: "input" };
}
