// A finished answer as one Messages object.

import { asObject, asText, parseJson } from "../../kit/json-value.ts";
import type { InternalAnswer, Item } from "../internal.ts";
import {
  type Block,
  emptyMessage,
  itemsOf,
  messageId,
  type MessageTerms,
  messageUsage,
  noteBlock,
  saidParts,
  searchBlocks,
  stopReason,
  thinkingBlock,
  thoughts,
  toolUseBlock,
  type Written,
} from "./answer.ts";

export function messagesReply(answer: InternalAnswer, terms: MessageTerms): object {
  const written: Written = { hasCall: false, hasRefusal: false, searches: 0 };
  const content = itemsOf(answer).flatMap((item) => blocksOfItem(item, terms, written));
  for (const block of content) noteBlock(written, block);
  return {
    ...emptyMessage(messageId(answer.id), terms.model),
    content,
    // Here no error can be told any more; that the answer is not whole can.
    stop_reason: stopReason(answer, written) ?? "max_tokens",
    usage: messageUsage(answer, written),
  };
}

function blocksOfItem(item: Item, terms: MessageTerms, written: Written): readonly Block[] {
  switch (item["type"]) {
    case "message":
      return saidParts(item).map(({ text, isRefusal, citations }) => {
        written.hasRefusal ||= isRefusal;
        return { type: "text", text, ...(citations.length > 0 ? { citations } : {}) };
      });
    case "reasoning":
      return present(thinkingBlock(thoughts(item), item, terms));
    case "function_call": {
      const block = toolUseBlock(item, terms);
      return block === null ? [] : [{ ...block, input: readArguments(item["arguments"]) }];
    }
    case "web_search_call":
      return searchBlocks(item);
    default:
      return [];
  }
}

/** Arguments that are no object would be refused by every client. */
function readArguments(value: unknown): object {
  return asObject(parseJson(asText(value) ?? "")) ?? {};
}

function present(block: Block | null): readonly Block[] {
  return block === null ? [] : [block];
}
