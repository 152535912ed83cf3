import { describe, expect, test } from "vitest";
import { endpoints, isCount, isStreamed, modelOf } from "./target.ts";

const target = (path: string) => ({ path, query: "" });
const operation = (path: string) =>
  endpoints.find((endpoint) => (endpoint.path as RegExp).test(path))?.operation ?? null;

describe("the path", () => {
  test.each([
    ["/v1beta/models/gpt-5.5:generateContent", "gpt-5.5"],
    ["/v1/models/gpt-5.5:streamGenerateContent", "gpt-5.5"],
    ["/v1alpha/models/gpt-5.5:countTokens", "gpt-5.5"],
    ["/v1beta/tunedModels/mine:generateContent", "mine"],
    ["/v1beta/models/models/gpt-5.5:generateContent", "gpt-5.5"],
    ["/v1beta/models/models%2Fgpt-5.5:generateContent", "gpt-5.5"],
    ["/v1beta/models/tunedModels%2Fmine%3AgenerateContent", "mine"],
    ["/v1beta/models/openai%2Fgpt-5.5:generateContent", "openai/gpt-5.5"],
    ["/v1beta/models/100%:generateContent", "100%"],
  ])("%s names the model %s", (path, model) => expect(modelOf(target(path))).toBe(model));

  test.each([
    ["/v1beta/models/m:generateContent", "respond", false, false],
    ["/v1beta/models/m:streamGenerateContent", "respond", true, false],
    ["/v1beta/models/m:countTokens", "count", false, true],
  ])("%s asks for %s", (path, asked, isStream, counts) => {
    expect(operation(path)).toBe(asked);
    expect(isStreamed(target(path))).toBe(isStream);
    expect(isCount(target(path))).toBe(counts);
  });

  test.each(["/v1beta/models", "/v1alpha/models/gpt-5.5"])("%s asks for models", (path) => {
    expect(operation(path)).toBe("models");
  });

  test.each([
    "/v1/models",
    "/v1/models/m",
    "/v2/models/m:generateContent",
    "/v1beta/models/:generateContent",
    "/models/m:generateContent",
    "/v1beta/models/m:generateContent/more",
  ])("%s is not of this format", (path) => expect(operation(path)).toBeNull());
});
