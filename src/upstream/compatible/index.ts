// Any server that speaks one of the formats under an address of its own: relays, other vendors, programs on this computer.

import { joinPath } from "../join-path.ts";
import type { UpstreamKind } from "../kind.ts";
import { idsIn } from "../list-models.ts";
import { namesIn } from "../gemini/index.ts";

export const compatible: UpstreamKind = {
  name: "compatible",
  baseUrl: null,
  usualModels: ["*"],
  pathOf: ({ baseUrl }, path) => joinPath(baseUrl, path),
  modelsPath: ({ baseUrl, format }) => joinPath(baseUrl, format === "gemini" ? "/v1beta/models" : "/models"),
  modelsIn: (body) => [...idsIn(body), ...namesIn(body)],
};
