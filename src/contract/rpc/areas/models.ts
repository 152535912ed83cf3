// The names of models.

import { z } from "zod";

import { modelReasons } from "../../reasons.ts";
import { optionalText, required, text, textOrNull } from "../fields.ts";
import { value } from "../method.ts";

export const modelMethods = {
  "models/resolve": value({
    params: z.object({
      name: required("missing name"),
      keyId: optionalText.describe("a platform key by its id; without one, a key that lays nothing down"),
      isCodex: z.boolean().nullish().describe("whether Codex asks, which is taken at its word"),
    }),
    result: z.object({
      name: text,
      model: text,
      reasoningEffort: textOrNull.describe("what the key or the name lays down; null leaves the request's own"),
      serviceTier: textOrNull.describe("the same"),
      reason: z.enum(modelReasons),
      pattern: textOrNull.describe("the name in the table of aliases or substitutes that fits"),
    }),
    en: "Which model a name would become now, and why. Nothing is sent or changed.",
    zh: "某个名称现在会对应哪个模型及原因。不发送请求，也不改变任何状态。",
  }),
};
