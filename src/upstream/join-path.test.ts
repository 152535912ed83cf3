import { expect, test } from "vitest";
import { joinPath } from "./join-path.ts";

test.each([
  ["https://api.openai.com/v1", "/responses", "/v1/responses"],
  ["https://api.deepseek.com", "/chat/completions", "/v1/chat/completions"],
  ["https://openrouter.ai/api/v1/", "/chat/completions", "/api/v1/chat/completions"],
  ["https://open.bigmodel.cn/api/paas/v4", "/chat/completions", "/api/paas/v4/chat/completions"],
  ["https://api.anthropic.com", "/v1/messages", "/v1/messages"],
  ["https://relay.example/v1", "/v1/messages", "/v1/messages"],
  ["https://api.deepseek.com/anthropic", "/v1/messages", "/anthropic/v1/messages"],
  ["https://relay.example/v1/chat/completions", "/chat/completions", "/v1/chat/completions"],
  ["https://generativelanguage.googleapis.com", "/v1beta/models/m:generateContent", "/v1beta/models/m:generateContent"],
  ["https://relay.example/v1beta", "/v1beta/models", "/v1beta/models"],
])("%s with %s is %s", (baseUrl, path, expected) => {
  expect(joinPath(baseUrl, path)).toBe(expected);
});
