// The names of models over RPC.

import type { modelMethods } from "../../contract/rpc/areas/models.ts";
import type { ModelQuestion } from "../../gateway/explain-model.ts";
import type { ResolvedModel } from "../../gateway/model-names.ts";
import type { KeySource } from "../../keys/key-source.ts";
import type { Handlers } from "../handler.ts";
import { done, failed } from "../handler.ts";

export interface ModelHandlerDeps {
  readonly explainModel: (question: ModelQuestion) => ResolvedModel;
  readonly keySource: Pick<KeySource, "find">;
}

export function modelHandlers({ explainModel, keySource }: ModelHandlerDeps): Handlers<keyof typeof modelMethods> {
  return {
    "models/resolve": async ({ name, keyId, isCodex }) => {
      const key = keyId === null ? null : keySource.find(keyId);
      if (key === null && keyId !== null) return failed("api key not found");
      return done({ name, ...explainModel({ name, key, isNative: isCodex === true }) });
    },
  };
}
