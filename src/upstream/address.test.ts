import { expect, test } from "vitest";
import { parseUpstreamAddress } from "./address.ts";

test.each([
  ["https://chatgpt.com/backend-api/codex", "https://chatgpt.com", "/backend-api/codex", true],
  ["https://chatgpt.com/backend-api/codex/", "https://chatgpt.com", "/backend-api/codex", true],
  ["https://chatgpt.com", "https://chatgpt.com", "/backend-api/codex", true],
  ["https://chatgpt.com/backend-api/", "https://chatgpt.com", "/backend-api/codex", true],
  ["https://chat.openai.com/", "https://chat.openai.com", "/backend-api/codex", true],
  ["http://127.0.0.1:4100/backend-api/codex", "http://127.0.0.1:4100", "/backend-api/codex", true],
  ["https://relay.example/pool/backend-api/codex", "https://relay.example", "/pool/backend-api/codex", true],
  ["https://api.openai.com/v1", "https://api.openai.com", "/v1", false],
  ["https://api.openai.com/v1//", "https://api.openai.com", "/v1", false],
  ["https://api.openai.com", "https://api.openai.com", "/v1", false],
  ["https://relay.example:8443/openai", "https://relay.example:8443", "/openai/v1", false],
  ["https://relay.example/api/v4", "https://relay.example", "/api/v4", false],
])("%s leads to %s%s", (address, origin, prefix, isCodexBackend) => {
  expect(parseUpstreamAddress(address)).toEqual({ origin, prefix, isCodexBackend });
});
