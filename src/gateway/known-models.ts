// What is known of the models the pool can serve, for names that stand for "the strongest" or "a small one".

import type { ModelRow } from "../upstream/chatgpt/models.ts";
import { asList, asNumber, asObject, asText } from "../kit/json-value.ts";
import builtIn from "./model-list.json" with { type: "json" };
import type { KnownModels } from "./model-names.ts";

/** Words by which small models are called, in the order of preference. */
const SMALL = ["mini", "luna", "nano", "lite"];

/** As long as no account could be asked. */
export const builtInModels: KnownModels = knownModels(builtIn.models.map((slug) => ({ slug })));

/**
 * People are shown models by their priority, the strongest first; rows without one stand behind, in the catalogue's order.
 * Rows that are hidden from people serve purposes of their own and stand for nothing else.
 */
export function knownModels(rows: readonly ModelRow[]): KnownModels {
  const shown = rows
    .filter((row) => row["visibility"] !== "hide")
    .toSorted((a, b) => priorityOf(a) - priorityOf(b))
    .map(({ slug }) => slug);
  const strongest = shown[0] ?? rows[0]?.slug ?? "";
  const small = SMALL.flatMap((word) => shown.filter((slug) => slug.split("-").includes(word)))[0];
  return {
    slugs: new Set(rows.map(({ slug }) => slug)),
    strongest,
    small: small ?? shown.at(-1) ?? strongest,
    efforts: new Map(
      rows.map((row) => [row.slug, effortsOf(row)] as const).filter(([, efforts]) => efforts.length > 0),
    ),
  };
}

function priorityOf(row: ModelRow): number {
  return asNumber(row["priority"]) ?? Number.MAX_SAFE_INTEGER;
}

function effortsOf(row: ModelRow): string[] {
  return asList(row["supported_reasoning_levels"]).flatMap((level) => asText(asObject(level)?.["effort"]) ?? []);
}
