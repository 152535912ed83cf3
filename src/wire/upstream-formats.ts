// The formats that upstreams speak beside the internal one.

import type { UpstreamFormat } from "./upstream-format.ts";

export const upstreamFormats: readonly UpstreamFormat[] = [];
