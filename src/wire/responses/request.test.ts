import { describe, expect, test } from "vitest";
import { findBoundParts, readNativeFields, readOpening, readRequestFields, sessionOf } from "./request.ts";

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const fields = (value: unknown) => readRequestFields(bytes(value));
const opening = (value: unknown) => readOpening(bytes(value));

describe("a large body of Codex, read without looking through the conversation", () => {
  const quoted = 'it said "stream":true and "reasoning":{"effort":"high"} and "model":"other"';
  const body = (more: object) =>
    Buffer.from(JSON.stringify({ model: "gpt-5.5", input: [{ role: "user", content: quoted }], ...more }));

  test("is not misled by what a text quotes", () => {
    expect(readNativeFields(body({ stream: false }))).toMatchObject({
      model: "gpt-5.5",
      isStream: false,
      reasoningEffort: null,
    });
  });

  test("is read in full when the model does not stand before the conversation", () => {
    expect(readNativeFields(Buffer.from('{"input":[],"model":"gpt-5.5"}'))).toBeNull();
  });
});

describe("the fields of a request", () => {
  test("are read wherever they stand", () => {
    const request = {
      input: [{ model: "not this", stream: false }],
      reasoning: { effort: "high" },
      stream: true,
      service_tier: "priority",
      model: "gpt-x",
    };
    const read = { model: "gpt-x", isStream: true, reasoningEffort: "high", serviceTier: "priority" };
    expect(fields(request)).toEqual({ ...read, conversation: null });
  });

  test.each([
    "",
    "{",
    "[]",
    "null",
    '{"model":7,"stream":"true","reasoning":"high","prompt_cache_key":1}',
    String.raw`{"model":"\x"}`,
  ])("are unknown in %j", (text) => {
    const nothing = { model: null, isStream: false, reasoningEffort: null, serviceTier: null, conversation: null };
    expect(readRequestFields(Buffer.from(text))).toEqual(nothing);
  });

  test("name the conversation by the first that is present", () => {
    const metadata = { user_id: "user_1_account__session_s1" };
    const all = { prompt_cache_key: "cache", client_metadata: { thread_id: "thread" }, metadata };
    expect(fields(all).conversation).toBe("cache");
    expect(fields({ ...all, prompt_cache_key: "" }).conversation).toBe("thread");
    expect(fields({ client_metadata: { thread_id: "" }, metadata }).conversation).toBe("s1");
    expect(fields({ metadata: "x", client_metadata: [] }).conversation).toBeNull();
  });
});

test.each([
  ["user_a_account_b_session_c-1", "c-1"],
  ['{"device_id":"d","session_id":"s"}', "s"],
  ['{"device_id":"d"}', null],
  ["{broken", null],
  ["somebody@example.com", null],
  [undefined, null],
])("the user id %j names the session %j", (userId, session) => expect(sessionOf(userId)).toBe(session));

describe("an opening", () => {
  const developer = { role: "developer", content: "be brief" };
  const first = { role: "user", content: "hello" };
  const later = [
    { role: "assistant", content: "hi" },
    { role: "user", content: "and?" },
  ];

  test("is the same through all turns of a conversation", () => {
    const turns = [
      [developer, first],
      [developer, first, ...later],
    ];
    expect(new Set(turns.map((input) => opening({ instructions: "i", input }))).size).toBe(1);
  });

  test("differs with the instructions, what stands before the first user message, and that message", () => {
    const others = [
      { instructions: "i", input: [developer, first] },
      { instructions: "j", input: [developer, first] },
      { instructions: "i", input: [first] },
      { instructions: "i", input: [developer, { ...first, content: "bye" }] },
      { instructions: "i", input: "hello" },
    ];
    expect(new Set(others.map(opening)).size).toBe(others.length);
  });

  test("differs with the first user message also behind a very long prompt", () => {
    const prompt = { role: "developer", content: "x".repeat(50_000) };
    expect(opening({ input: [prompt, first] })).not.toBe(opening({ input: [prompt, { ...first, content: "bye" }] }));
  });

  test("is missing where there is no input", () => {
    expect(opening({ model: "x" })).toBeNull();
    expect(readOpening(Buffer.from("no json"))).toBeNull();
  });
});

describe("parts bound to an account", () => {
  const none = { previousResponse: false, files: false, compaction: false, reasoning: false };

  test.each([
    ["an earlier response", { previous_response_id: "resp_1" }, { previousResponse: true }],
    ["a file", { input: [{ role: "user", content: [{ type: "input_file", file_id: "file_1" }] }] }, { files: true }],
    [
      "a compaction",
      { input: [{ type: "compaction", encrypted_content: "x" }] },
      { compaction: true, reasoning: true },
    ],
    ["reasoning", { input: [{ type: "reasoning", encrypted_content: "x" }] }, { reasoning: true }],
  ])("%s is found", (_what, request, found) => {
    expect(findBoundParts(bytes(request))).toEqual({ ...none, ...found });
  });

  test("quoting their names in a text, or asking for them, is none", () => {
    const content = 'explain {"type":"compaction","encrypted_content":"x","file_id":"f"}';
    const request = {
      previous_response_id: null,
      include: ["reasoning.encrypted_content"],
      input: [{ role: "user", content }],
    };
    expect(findBoundParts(bytes(request))).toEqual(none);
    expect(findBoundParts(bytes({ input: [{ type: "compaction_trigger" }] }))).toEqual(none);
  });
});
