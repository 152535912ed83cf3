// Anthropic Messages as a client format.

import type { ClientProtocol } from "../protocol.ts";
import { messagesFailureAnswer, messagesFailureEvent } from "./errors.ts";
import { anthropicModels } from "./models.ts";
import { readMessagesFields, translateMessages } from "./request.ts";

const PING = Buffer.from('event: ping\ndata: {"type": "ping"}\n\n');

export const messages: ClientProtocol = {
  name: "messages",
  endpoints: [
    { operation: "respond", method: "POST", path: "/v1/messages" },
    { operation: "count", method: "POST", path: "/v1/messages/count_tokens" },
  ],
  models: anthropicModels,
  readFields: readMessagesFields,
  translate: translateMessages,
  countAnswer: (input_tokens) => ({ input_tokens }),
  failureAnswer: messagesFailureAnswer,
  failureEvent: messagesFailureEvent,
  heartbeat: () => PING,
};
