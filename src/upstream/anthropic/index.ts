// The Anthropic API.
// Facts: platform.claude.com/docs/en/api/overview, …/models-list.

import { joinPath } from "../join-path.ts";
import type { UpstreamKind } from "../kind.ts";
import { idsIn } from "../list-models.ts";

export const anthropic: UpstreamKind = {
  name: "anthropic",
  baseUrl: "https://api.anthropic.com",
  usualModels: ["claude-*"],
  pathOf: ({ baseUrl }, path) => joinPath(baseUrl, path),
  modelsPath: ({ baseUrl }) => `${joinPath(baseUrl, "/v1/models")}?limit=1000`,
  modelsIn: idsIn,
};
