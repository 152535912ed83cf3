// The OpenAI API.
// Facts: developers.openai.com/api/docs/api-reference/introduction, …/models/list.

import { joinPath } from "../join-path.ts";
import type { UpstreamKind } from "../kind.ts";
import { idsIn } from "../list-models.ts";

export const openai: UpstreamKind = {
  name: "openai",
  baseUrl: "https://api.openai.com/v1",
  pathOf: ({ baseUrl }, path) => joinPath(baseUrl, path),
  modelsPath: ({ baseUrl }) => joinPath(baseUrl, "/models"),
  modelsIn: idsIn,
};
