// Names of models as the vendors list them.

import { asList, asObject, asText } from "../kit/json-value.ts";

/** `{data: [{id}]}`, as OpenAI, Anthropic and all that are compatible with either answer. */
export function idsIn(body: unknown): readonly string[] {
  return asList(asObject(body)?.["data"]).flatMap((model) => asText(asObject(model)?.["id"]) ?? []);
}
