// Lists of models as the OpenAI API has them.

import type { ListedModel, ModelShapes } from "../protocol.ts";

export const openAiModels: ModelShapes = {
  knownBy: null,
  clientModels: [],
  list: (models, now) => ({ object: "list", data: models.map((model) => row(model, now)) }),
  one: row,
};

function row({ id }: ListedModel, now: number): object {
  return { id, object: "model", created: Math.floor(now / 1000), owned_by: "codexmanager" };
}
