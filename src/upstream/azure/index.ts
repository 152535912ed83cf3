// Azure OpenAI: models are known by the names of deployments, and the interface has versions or none.
// Facts: learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle (`/openai/v1` needs no `api-version`) and
// …/openai/reference (`/openai/deployments/{name}/chat/completions?api-version=…`).

import type { UpstreamKind } from "../kind.ts";
import { idsIn } from "../list-models.ts";
import { OPENAI_MODELS } from "../openai/index.ts";

const OWN_PATH = /\/openai(?:\/v1)?$/;

export const azure: UpstreamKind = {
  name: "azure",
  baseUrl: null,
  usualModels: OPENAI_MODELS,
  pathOf({ baseUrl, terms: { apiVersion } }, path, model) {
    const resource = resourcePath(baseUrl);
    if (apiVersion === null) return `${resource}/openai/v1${path}`;
    const query = `?api-version=${encodeURIComponent(apiVersion)}`;
    if (!path.startsWith("/chat/") || model === null) return `${resource}/openai${path}${query}`;
    return `${resource}/openai/deployments/${encodeURIComponent(model)}${path}${query}`;
  },
  modelsPath: (provider) => azure.pathOf(provider, "/models", null),
  modelsIn: idsIn,
};

/** The address of the resource, with or without the path that its interface begins with. */
function resourcePath(baseUrl: string): string {
  return new URL(baseUrl).pathname.replace(/\/+$/, "").replace(OWN_PATH, "");
}
