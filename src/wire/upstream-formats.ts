// The formats that upstreams speak beside the internal one.

import { chatUpstream } from "./chat/upstream/index.ts";
import { geminiUpstream } from "./gemini/upstream/index.ts";
import { messagesUpstream } from "./messages/upstream/index.ts";
import type { UpstreamFormat } from "./upstream-format.ts";

export const upstreamFormats: readonly UpstreamFormat[] = [chatUpstream, messagesUpstream, geminiUpstream];

const byName: ReadonlyMap<string, UpstreamFormat> = new Map(upstreamFormats.map((format) => [format.name, format]));

/** Null for the internal form. */
export function formatNamed(name: string): UpstreamFormat | null {
  return byName.get(name) ?? null;
}
