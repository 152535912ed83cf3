import { describe, expect, test } from "vitest";
import { recognise } from "./recognise.ts";
import { received } from "./testing.ts";

const seen = (body: unknown, headers: Record<string, string> = {}) => recognise(received(body, headers));
const isNative = (originator: string) => seen({}, { originator }).isNative;

test("the fields of the body are known, and the body is what it was", () => {
  const request = received({ model: "gpt-x", stream: true, reasoning: { effort: "high" } });
  const { text } = request.body;
  expect(recognise(request).fields).toMatchObject({ model: "gpt-x", isStream: true, reasoningEffort: "high" });
  expect(request.body.text).toBe(text);
});

test("Codex and its descendants are known by their originator, and by nothing else", () => {
  for (const name of ["codex_cli_rs", "codex-tui", "codex_vscode", "codex_exec", "codex_sdk_ts", "Codex Desktop"]) {
    expect(isNative(name), name).toBe(true);
  }
  for (const name of ["", "codexmanager", "opencode", "my codex_cli_rs"]) expect(isNative(name), name).toBe(false);
  expect(seen({}, { "session-id": "s", "x-codex-window-id": "w", "user-agent": "codex_cli_rs/0.1" }).isNative).toBe(
    false,
  );
});

describe("a conversation is named by", () => {
  const names = ["thread-id", "session-id", "session_id", "conversation_id", "x-claude-code-session-id"];

  test.each(names.map((name, index) => [name, names.slice(index)] as const))(
    "%s before what comes after it",
    (name, present) => {
      const headers = Object.fromEntries(present.map((each) => [each, `by ${each}`]));
      expect(seen({ prompt_cache_key: "by the body" }, headers).conversationName).toBe(`by ${name}`);
    },
  );

  test("the body when no header does", () => {
    expect(seen({ prompt_cache_key: "k" }, { "thread-id": " " }).conversationName).toBe("k");
    expect(seen({}).conversationName).toBeNull();
  });

  test("nothing of absurd length", () => {
    expect(seen({ prompt_cache_key: "k" }, { "thread-id": "x".repeat(257) }).conversationName).toBe("k");
    expect(seen({ prompt_cache_key: "x".repeat(257) }).conversationName).toBeNull();
  });

  test("its parent, when Codex says from which it was started", () => {
    expect(seen({}, { "x-codex-parent-thread-id": "p" }).parentName).toBe("p");
    expect(seen({}).parentName).toBeNull();
  });
});
