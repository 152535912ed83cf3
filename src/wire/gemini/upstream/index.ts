// The Gemini API as an upstream format.

import type { UpstreamFormat } from "../../upstream-format.ts";
import { geminiComplaint } from "./errors.ts";
import profile from "./profile.json" with { type: "json" };
import { geminiAnswer } from "./reply.ts";
import { geminiRequest } from "./request.ts";
import { GeminiReader } from "./stream.ts";

export const geminiUpstream: UpstreamFormat = {
  name: "gemini",
  version: profile.version,
  request: geminiRequest,
  reader: (terms) => new GeminiReader(terms),
  answer: geminiAnswer,
  complaint: geminiComplaint,
};
