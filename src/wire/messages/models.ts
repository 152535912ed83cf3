// Lists of models as the Anthropic API has them.
// Facts: platform.claude.com/docs/en/api/models-list; Claude Code offers of a gateway's list only names that begin with
// `claude` or `anthropic` (code.claude.com/docs/en/llm-gateway-protocol).

import type { ListedModel, ModelShapes } from "../protocol.ts";
import clientModels from "./client-models.json" with { type: "json" };

export const anthropicModels: ModelShapes = {
  knownBy: "anthropic-version",
  clientModels: clientModels.models,
  list(models, now) {
    const data = models.map((model) => row(model, now));
    // All of them are always told at once, whatever page is asked for.
    return { data, has_more: false, first_id: models[0]?.id ?? null, last_id: models.at(-1)?.id ?? null };
  },
  one: row,
};

function row({ id, title }: ListedModel, now: number): object {
  return { type: "model", id, display_name: title, created_at: new Date(now).toISOString() };
}
