// Chat Completions as an upstream format, as OpenAI-compatible servers speak it.

import type { UpstreamFormat } from "../../upstream-format.ts";
import { chatComplaint } from "./errors.ts";
import profile from "./profile.json" with { type: "json" };
import { chatAnswer } from "./reply.ts";
import { chatRequest } from "./request.ts";
import { ChatReader } from "./stream.ts";

export const chatUpstream: UpstreamFormat = {
  name: "chat",
  version: profile.version,
  request: chatRequest,
  reader: (terms) => new ChatReader(terms),
  answer: chatAnswer,
  complaint: chatComplaint,
};
