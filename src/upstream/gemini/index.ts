// The Gemini API.
// Facts: ai.google.dev/api/models, ai.google.dev/gemini-api/docs/api-key.

import { asList, asObject, asText } from "../../kit/json-value.ts";
import { joinPath } from "../join-path.ts";
import type { UpstreamKind } from "../kind.ts";

export const gemini: UpstreamKind = {
  name: "gemini",
  baseUrl: "https://generativelanguage.googleapis.com",
  usualModels: ["gemini-*", "gemma-*"],
  pathOf: ({ baseUrl }, path) => joinPath(baseUrl, path),
  modelsPath: ({ baseUrl }) => `${joinPath(baseUrl, "/v1beta/models")}?pageSize=1000`,
  modelsIn: (body) => namesIn(body),
};

/** Names without their `models/`, of those that write text. */
export function namesIn(body: unknown): readonly string[] {
  return asList(asObject(body)?.["models"]).flatMap((entry) => {
    const model = asObject(entry);
    const methods = asList(model?.["supportedGenerationMethods"]);
    const writes = methods.length === 0 || methods.includes("generateContent");
    const name = asText(model?.["name"]);
    return writes && name !== null ? [name.replace(/^models\//, "")] : [];
  });
}
