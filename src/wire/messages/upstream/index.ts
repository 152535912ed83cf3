// Anthropic Messages as an upstream format.

import type { UpstreamFormat } from "../../upstream-format.ts";
import { messagesComplaint } from "./errors.ts";
import profile from "./profile.json" with { type: "json" };
import { messagesAnswer } from "./reply.ts";
import { messagesRequest } from "./request.ts";
import { MessagesReader } from "./stream.ts";

export const messagesUpstream: UpstreamFormat = {
  name: "messages",
  version: profile.version,
  request: messagesRequest,
  reader: (terms) => new MessagesReader(terms),
  answer: messagesAnswer,
  complaint: messagesComplaint,
};
