// Lists of models as the Gemini API has them.
// Facts: ai.google.dev/api/models.

import type { ListedModel, ModelShapes } from "../protocol.ts";
import clientModels from "./client-models.json" with { type: "json" };

export const geminiModels: ModelShapes = {
  knownBy: "x-goog-api-key",
  clientModels: clientModels.models,
  // All of them are always told at once, whatever page is asked for.
  list: (models) => ({ models: models.map(row) }),
  one: row,
};

function row({ id, title, contextTokens }: ListedModel): object {
  return {
    name: `models/${id}`,
    baseModelId: id,
    version: id,
    displayName: title,
    ...(contextTokens === null ? {} : { inputTokenLimit: contextTokens }),
    supportedGenerationMethods: ["generateContent", "countTokens"],
  };
}
