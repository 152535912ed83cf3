// A finished answer as one message.

import type { InternalAnswer } from "../internal.ts";
import { blocksOf, type MessageTerms } from "./blocks.ts";
import { messageId, stopReasonOf, usageOf } from "./ending.ts";

export function messagesReply(answer: InternalAnswer, terms: MessageTerms): object {
  const items = answer.output;
  return {
    id: messageId(answer),
    type: "message",
    role: "assistant",
    model: terms.model,
    content: items.flatMap((item) => blocksOf(item, terms)),
    stop_reason: stopReasonOf(answer, items),
    stop_sequence: null,
    usage: usageOf(answer, items),
  };
}
