// How the ChatGPT Codex backend names its quotas: headers, events and the usage endpoint spell one name differently, and all
// lead to the same family here. Facts: as Codex 0.169 reads them.

import { MAIN_FAMILY } from "../../pool/account.ts";

/** `codex-bengalfox`, `codex_bengalfox` and `Codex Bengalfox` are one family; no name is the main one. */
export function familyOf(...names: readonly unknown[]): string {
  const name = names.find((each): each is string => typeof each === "string" && each.trim() !== "");
  return name === undefined
    ? MAIN_FAMILY
    : name
        .trim()
        .toLowerCase()
        .replace(/[\s-]+/g, "_");
}

/** The upstream says in so many words that a limit is reached. */
export function saysLimitReached(limits: Readonly<Record<string, unknown>> | null): boolean {
  return limits?.["limit_reached"] === true || limits?.["allowed"] === false;
}
