// The client formats. Adding one is a folder that fills in `ClientProtocol`, and a line here.

import { chat } from "./chat/index.ts";
import { gemini } from "./gemini/index.ts";
import { messages } from "./messages/index.ts";
import type { ClientProtocol } from "./protocol.ts";
import { responses } from "./responses/index.ts";

export const protocols: readonly ClientProtocol[] = [responses, chat, messages, gemini];
