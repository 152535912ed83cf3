import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { translateMessages } from "./request.ts";
import { faultOf, sent, translated, user } from "./testing.ts";

const hello = { model: "gpt-5.5", max_tokens: 1000, messages: [user("hello")] };
const asked = (more: object) => sent({ ...hello, ...more });

describe("a request", () => {
  test("becomes input of the Responses API", () => {
    expect(sent(hello)).toEqual({
      model: "gpt-5.5",
      input: [{ type: "message", role: "user", content: [{ type: "input_text", text: "hello" }] }],
      include: ["reasoning.encrypted_content"],
      max_output_tokens: 1000,
    });
  });

  test("keeps what the Responses API has a name for", () => {
    const more = { temperature: 0.5, top_p: 0.9, max_tokens: 1, speed: "fast" };
    expect(asked(more)).toMatchObject({
      temperature: 0.5,
      top_p: 0.9,
      max_output_tokens: 16,
      service_tier: "priority",
    });
    expect(asked({ service_tier: "priority" })["service_tier"]).toBe("priority");
    expect(asked({ service_tier: "standard_only" })).not.toHaveProperty("service_tier");
  });

  test.each([
    [JSON.stringify({ device_id: "d", session_id: "ses-1" }), "ses-1"],
    ["user_x_account__session_ses-2", "ses-2"],
    ["somebody", undefined],
  ])("of the user %j has its prompts cached under %s", (user_id, key) => {
    expect(asked({ metadata: { user_id } })["prompt_cache_key"]).toBe(key);
  });

  test("names what it asked for in vain, and says nothing of what needs no answer", () => {
    const vain = { stop_sequences: ["END"], top_k: 5, from_the_future: true };
    const needless = { context_management: { edits: [] }, cache_control: {}, betas: ["b"], mcp_servers: [], x: null };
    expect(translated({ ...hello, ...vain, ...needless }).dropped).toEqual(Object.keys(vain));
    expect(translated({ ...hello, stop_sequences: [] }).dropped).toEqual([]);
  });

  test.each([
    ["mcp_servers", { mcp_servers: [{ name: "s" }] }],
    ["container", { container: "c" }],
    ["compaction", { compaction: {} }],
    ["messages", { messages: "hello" }],
    ["messages", { messages: [] }],
    ["messages", { messages: [user("")] }],
    ["messages[0].role", { messages: [{ role: "tool", content: "x" }] }],
    ["messages[0].content", { messages: [user(7)] }],
    ["messages[0].content[1]", { messages: [user(["a", 7])] }],
    ["tools", { tools: {} }],
    ["system[0].type", { system: [{ type: "image" }] }],
    ["output_config.format", { output_config: { format: { type: "grammar" } } }],
  ])("is refused for its field %s", (field, more) => {
    expect(faultOf({ ...hello, ...more })).toBe(field);
  });

  test("that is no JSON object is refused", () => {
    for (const text of ["", "[]", "null", "{"]) {
      expect(translateMessages(Buffer.from(text))).toMatchObject({ ok: false, fault: { code: "invalid_request" } });
    }
  });
});

describe("the system prompt", () => {
  test("becomes instructions, a blank line between its blocks", () => {
    const block = (text: string) => ({ type: "text", text, cache_control: { type: "ephemeral" } });
    expect(asked({ system: "be brief" })["instructions"]).toBe("be brief");
    expect(asked({ system: [block("be brief"), block(""), block("be kind")] })["instructions"]).toBe(
      "be brief\n\nbe kind",
    );
  });

  test("loses the line that Claude Code writes for accounting, which would spoil every cache", () => {
    const billing = { type: "text", text: "x-anthropic-billing-header: cc_version=2.1.332.bd3;" };
    expect(asked({ system: [billing, { type: "text", text: "be brief" }] })["instructions"]).toBe("be brief");
    expect(asked({ system: [billing] })).not.toHaveProperty("instructions");
  });
});

describe("thinking", () => {
  test.each([
    [
      { type: "enabled", budget_tokens: 1024 },
      { effort: "low", summary: "auto" },
    ],
    [
      { type: "enabled", budget_tokens: 8_000 },
      { effort: "medium", summary: "auto" },
    ],
    [
      { type: "enabled", budget_tokens: 16_000 },
      { effort: "high", summary: "auto" },
    ],
    [
      { type: "enabled", budget_tokens: 31_999 },
      { effort: "xhigh", summary: "auto" },
    ],
    [{ type: "adaptive" }, { summary: "auto" }],
    [{ type: "adaptive", display: "updates" }, { summary: "auto" }],
    [{ type: "adaptive", display: "omitted" }, {}],
    [{ type: "between_tools" }, { summary: "auto" }],
    [{ type: "disabled" }, { effort: "none" }],
  ])("%j asks for reasoning %j", (thinking, reasoning) => {
    expect(asked({ thinking })["reasoning"]).toEqual(reasoning);
  });

  test("follows an effort that is named, the last message's before the request's", () => {
    const config = { output_config: { effort: "high" } };
    const thinking = { type: "enabled", budget_tokens: 1024 };
    expect(asked(config)["reasoning"]).toEqual({ effort: "high" });
    expect(asked({ ...config, thinking })["reasoning"]).toEqual({ effort: "high", summary: "auto" });
    const turned = { role: "system", content: "now be quick", output_config: { effort: "low" } };
    expect(asked({ ...config, messages: [user("hello"), turned] })["reasoning"]).toEqual({ effort: "low" });
    expect(asked({ ...config, thinking: { type: "disabled" } })["reasoning"]).toEqual({ effort: "none" });
  });

  test("of an effort that nobody knows is left to the model, and named", () => {
    const { request, dropped } = translated({ ...hello, output_config: { effort: "heroic" } });
    expect(request["reasoning"]).toBeUndefined();
    expect(dropped).toEqual(["output_config.effort"]);
  });
});

describe("a structured answer", () => {
  const closed = {
    type: "object",
    properties: { a: { type: "string" } },
    required: ["a"],
    additionalProperties: false,
  };

  test.each([
    ["output_config", { output_config: { format: { type: "json_schema", schema: { $schema: "x", ...closed } } } }],
    ["output_format", { output_format: { type: "json_schema", schema: closed } }],
  ])("is asked for by %s", (_field, more) => {
    const format = { type: "json_schema", name: "answer", schema: closed, strict: true };
    expect(asked(more)["text"]).toEqual({ format });
  });

  test("is not strict when its schema leaves something open", () => {
    const schema = { ...closed, required: [] };
    const output_config = { format: { type: "json_schema", schema } };
    expect(asked({ output_config })["text"]).toMatchObject({ format: { strict: false } });
  });
});

test("a translation is the same whenever it is made, and no JSON makes it fail but with a fault", () => {
  const words = fc.constantFrom("text", "tool_use", "tool_result", "thinking", "document", "base64", "custom", "x");
  const keys = fc.constantFrom(
    "type",
    "role",
    "content",
    "source",
    "name",
    "id",
    "input",
    "input_schema",
    "tool",
    "text",
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: "small" },
      words,
      fc.jsonValue(),
      fc.array(tie("tree"), { maxLength: 3 }),
      tie("object"),
    ),
    object: fc.dictionary(keys, tie("tree"), { maxKeys: 4 }),
  }));
  const message = fc.record({ role: fc.constantFrom("user", "assistant", "system"), content: tree });
  const fields = fc.record(
    { messages: fc.array(message), tools: fc.array(tree), tool_choice: tree, system: tree, thinking: tree },
    { requiredKeys: ["messages"] },
  );
  const plain = (value: unknown) => JSON.stringify(value);
  fc.assert(
    fc.property(fields, (request) => {
      const body = Buffer.from(plain(request));
      const [first, second] = [translateMessages(body), translateMessages(body)];
      if (first.ok && second.ok) expect(plain(first.translation)).toBe(plain(second.translation));
      else expect(first).toEqual(second);
    }),
    { numRuns: 500 },
  );
});
