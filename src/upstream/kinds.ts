// Every kind of upstream that takes an API key.

import type { ProviderKind } from "../contract/provider.ts";
import { anthropic } from "./anthropic/index.ts";
import { azure } from "./azure/index.ts";
import { compatible } from "./compatible/index.ts";
import { gemini } from "./gemini/index.ts";
import type { UpstreamKind } from "./kind.ts";
import { openai } from "./openai/index.ts";

export const kinds: Readonly<Record<ProviderKind, UpstreamKind>> = { openai, azure, anthropic, gemini, compatible };
