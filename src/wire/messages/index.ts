// The Anthropic Messages API as a client format.

import type { ClientProtocol } from "../protocol.ts";
import { messagesFailureAnswer, messagesFailureEvent } from "./errors.ts";
import { readMessagesFields } from "./fields.ts";
import { frame } from "./frame.ts";
import { anthropicModels } from "./models.ts";
import { translateMessages } from "./request.ts";

const PING = Buffer.from(frame("ping", {}));

export const messages: ClientProtocol = {
  name: "messages",
  endpoints: [
    { operation: "respond", method: "POST", path: "/v1/messages" },
    { operation: "count", method: "POST", path: "/v1/messages/count_tokens" },
  ],
  models: anthropicModels,
  readFields: readMessagesFields,
  translate: translateMessages,
  countAnswer: (tokens) => ({ input_tokens: tokens }),
  failureAnswer: messagesFailureAnswer,
  failureEvent: messagesFailureEvent,
  heartbeat: () => PING,
};
