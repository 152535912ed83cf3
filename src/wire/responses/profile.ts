// What the ChatGPT Codex backend accepts from a client that is not Codex. The facts are data with a version: a new release of the
// backend changes `chatgpt-profile.json` and the request that shows it in `fixtures/`, not code.

import facts from "./chatgpt-profile.json" with { type: "json" };

export const backendProfile = {
  version: facts.version,
  /** Sent as `openai-beta` with the upgrade to a WebSocket. */
  webSocketBeta: facts.webSocketBeta,
  /** Each of these is answered with 400 `Unsupported parameter`. */
  refusedParameters: facts.refusedParameters,
  /** The fields the original let through, for its strict mode. */
  originalFields: new Set(facts.originalFields),
  includes: new Set(facts.includes),
  /** Tiers the backend knows; what is missing here means the default and is left out. */
  serviceTiers: new Map(Object.entries(facts.serviceTiers)),
  /** Efforts by words that the backend has. */
  efforts: new Map(Object.entries(facts.efforts)),
  /** Bytes without which the items of `input` need no look at all. */
  itemsNeedingRepair: facts.itemsNeedingRepair,
} as const;
