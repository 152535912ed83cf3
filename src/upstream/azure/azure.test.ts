import { expect, test } from "vitest";
import { azure } from "./index.ts";
import { provider } from "../testing.ts";

const resource = "https://mine.openai.azure.com";
const versioned = provider({ kind: "azure", baseUrl: resource, apiVersion: "2024-10-21" });

test("without a version, requests go to the interface that has none", () => {
  const plain = provider({ kind: "azure", baseUrl: `${resource}/openai/v1` });
  expect(azure.pathOf(plain, "/responses", "mine")).toBe("/openai/v1/responses");
  expect(azure.modelsPath(plain)).toBe("/openai/v1/models");
});

test("with a version, chat goes to the deployment, whose name is kept as it is", () => {
  expect(azure.pathOf(versioned, "/chat/completions", "my gpt/5")).toBe(
    "/openai/deployments/my%20gpt%2F5/chat/completions?api-version=2024-10-21",
  );
});

test("with a version, responses name the deployment in their body", () => {
  expect(azure.pathOf(versioned, "/responses", "mine")).toBe("/openai/responses?api-version=2024-10-21");
});
