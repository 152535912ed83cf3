// The formats that upstreams speak beside the internal one.

import { chatUpstream } from "./chat/upstream/index.ts";
import { geminiUpstream } from "./gemini/upstream/index.ts";
import { messagesUpstream } from "./messages/upstream/index.ts";
import type { UpstreamFormat } from "./upstream-format.ts";

export const upstreamFormats: readonly UpstreamFormat[] = [chatUpstream, messagesUpstream, geminiUpstream];
