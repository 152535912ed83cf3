// The OpenAI API.
// Facts: developers.openai.com/api/docs/api-reference/introduction, …/models/list.

import { joinPath } from "../join-path.ts";
import type { UpstreamKind } from "../kind.ts";
import { idsIn } from "../list-models.ts";

/** How its models are called. */
export const OPENAI_MODELS: readonly string[] = [
  "gpt-*",
  "o1*",
  "o3*",
  "o4*",
  "codex-*",
  "chatgpt-*",
  "computer-use-*",
  "text-embedding-*",
  "dall-e-*",
  "whisper-*",
  "tts-*",
];

export const openai: UpstreamKind = {
  name: "openai",
  baseUrl: "https://api.openai.com/v1",
  usualModels: OPENAI_MODELS,
  pathOf: ({ baseUrl }, path) => joinPath(baseUrl, path),
  modelsPath: ({ baseUrl }) => joinPath(baseUrl, "/models"),
  modelsIn: idsIn,
};
