import { describe, expect, test } from "vitest";
import { defaultSettings } from "../contract/settings/table.ts";
import { explainModel, type ModelQuestion } from "./explain-model.ts";
import { builtInModels } from "./known-models.ts";

const models = { ...defaultSettings.models, aliases: ["house-* = gpt-5.5 low priority"] };

function explain(name: string, question: Partial<ModelQuestion> = {}) {
  const parts = { settings: { ...defaultSettings, models }, knownModels: builtInModels };
  return explainModel({ name, key: null, isNative: false, ...question }, parts);
}

describe("a model's name", () => {
  test("is told with all that it lays down, and the line of the table that fits", () => {
    expect(explain("house-one")).toEqual({
      model: "gpt-5.5",
      reasoningEffort: "low",
      serviceTier: "priority",
      reason: "alias",
      pattern: "house-*",
    });
    expect(explain("gemini-4-pro")).toMatchObject({ reason: "substitute", pattern: "gemini-*" });
    expect(explain("gpt-5.5")).toMatchObject({ reason: "known", pattern: null });
  });

  test("means nothing where the key lays down a model; an effort of the key counts with the name's model", () => {
    const bound = { model: "gpt-5.4", reasoningEffort: null };
    expect(explain("house-one", { key: bound })).toMatchObject({ model: "gpt-5.4", serviceTier: null, reason: "key" });
    const eager = { model: null, reasoningEffort: "high" };
    expect(explain("house-one", { key: eager })).toMatchObject({ model: "gpt-5.5", reasoningEffort: "high" });
  });

  test("is taken at its word from Codex", () => {
    expect(explain("gemini-4-pro", { isNative: true })).toMatchObject({ model: "gemini-4-pro", reason: "unknown" });
    expect(explain("house-one", { isNative: true })).toMatchObject({ model: "gpt-5.5", reason: "alias" });
  });
});
