// The Gemini API as a client format.

import type { ClientProtocol } from "../protocol.ts";
import { geminiFailureAnswer, geminiFailureEvent } from "./errors.ts";
import { geminiModels } from "./models.ts";
import { readGeminiFields, translateGemini } from "./request.ts";
import { endpoints } from "./target.ts";

export const gemini: ClientProtocol = {
  name: "gemini",
  endpoints,
  models: geminiModels,
  readFields: readGeminiFields,
  translate: translateGemini,
  countAnswer: (totalTokens) => ({ totalTokens }),
  failureAnswer: geminiFailureAnswer,
  failureEvent: geminiFailureEvent,
  // The SDK takes a stream for broken at the first line that is no `data:` line, comments included.
  heartbeat: () => null,
};
