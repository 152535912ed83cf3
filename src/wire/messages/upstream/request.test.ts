import { describe, expect, test } from "vitest";
import type { InternalRequest, Item } from "../../internal.ts";
import { FaultyRequest } from "../../translation.ts";
import { messagesRequest } from "./request.ts";
import { packThinking } from "./thinking-pack.ts";

const said = (role: string, text: string): Item => {
  const type = role === "assistant" ? "output_text" : "input_text";
  return { type: "message", role, content: [{ type, text }] };
};
const body = (request: Partial<InternalRequest>) => messagesRequest({ model: "m", input: [], ...request }).body;
const messages = (input: readonly Item[]) => body({ input })["messages"];
const fault = (request: Partial<InternalRequest>): string => {
  try {
    body(request);
  } catch (error) {
    if (error instanceof FaultyRequest) return error.fault.param ?? "";
  }
  return "none";
};
const call = (id: string): Item => ({ type: "function_call", call_id: id, name: "f", arguments: '{"x":1}' });
const output = (id: string, value: unknown = "ok"): Item => ({
  type: "function_call_output",
  call_id: id,
  output: value,
});

describe("the conversation takes turns", () => {
  test("with instructions and the first words of developers as the system prompt", () => {
    const request = body({ instructions: "You help.", input: [said("developer", "Be brief."), said("user", "hi")] });
    expect(request["system"]).toEqual([
      { type: "text", text: "You help." },
      { type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } },
    ]);
    expect(request["messages"]).toMatchObject([{ role: "user", content: [{ text: "hi" }] }]);
  });

  test("with later words of developers at their place", () => {
    expect(messages([said("user", "hi"), said("developer", "Be brief."), said("user", "go")])).toMatchObject([
      {
        role: "user",
        content: [{ text: "hi" }, { text: "<system-reminder>\nBe brief.\n</system-reminder>" }, { text: "go" }],
      },
    ]);
  });

  test("with all calls of a turn together, and their results first in the next", () => {
    const told = messages([
      said("user", "go"),
      said("assistant", "I look."),
      call("c1"),
      call("c2"),
      output("c1"),
      output("c2"),
      said("user", "and?"),
    ]);
    expect(told).toMatchObject([
      { role: "user", content: [{ text: "go" }] },
      {
        role: "assistant",
        content: [{ text: "I look." }, { type: "tool_use", id: "c1", input: { x: 1 } }, { id: "c2" }],
      },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "c1" }, { tool_use_id: "c2" }, { text: "and?" }] },
    ]);
  });

  test("with pictures and documents by content or address, from tools too", () => {
    const png = { type: "input_image", image_url: "data:image/png;base64,AA" };
    const pdf = { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,BB" };
    const content = [png, { type: "input_image", image_url: "https://x.test/a.png" }, pdf];
    expect(messages([{ type: "message", role: "user", content }, call("c"), output("c", [png])])).toMatchObject([
      {
        content: [
          { type: "image", source: { type: "base64", media_type: "image/png", data: "AA" } },
          { type: "image", source: { type: "url", url: "https://x.test/a.png" } },
          { type: "document", title: "a.pdf", source: { media_type: "application/pdf", data: "BB" } },
        ],
      },
      {},
      { content: [{ type: "tool_result", content: [{ type: "image" }] }] },
    ]);
  });

  test("with thinking that Anthropic has sealed, and without that of others", () => {
    const own = packThinking({ type: "thinking", thinking: "Hm.", signature: "s" });
    const reasoning = (encrypted_content: string): Item => ({ type: "reasoning", summary: [], encrypted_content });
    expect(messages([said("user", "hi"), reasoning("gAAAAforeign"), reasoning(own), call("c")])).toMatchObject([
      {},
      { role: "assistant", content: [{ type: "thinking", thinking: "Hm.", signature: "s" }, { type: "tool_use" }] },
    ]);
  });

  test("without the searches in it, whose answers tell what they found", () => {
    const search = { type: "web_search_call", id: "w", action: { type: "search", query: "x" } };
    expect(messages([said("user", "hi"), search, said("assistant", "Found.")])).toMatchObject([
      { role: "user" },
      { role: "assistant", content: [{ text: "Found." }] },
    ]);
  });

  test("and is begun by the user, whatever was left of it", () => {
    expect(messages([said("assistant", "hello"), said("user", "hi")])).toMatchObject([
      { role: "user" },
      { role: "assistant" },
      { role: "user" },
    ]);
  });

  test.each([
    ["a compaction", { input: [{ type: "compaction_trigger" }] }, "input[0]"],
    ["a tool of another upstream", { tools: [{ type: "file_search" }] }, "tools"],
    ["JSON without a schema", { text: { format: { type: "json_object" } } }, "text.format"],
    ["audio", { input: [{ role: "user", content: [{ type: "input_audio" }] }] }, "input[0].content[0]"],
  ] as const)("but never with %s, which it cannot hold", (_what, request, param) => {
    expect(fault(request)).toBe(param);
  });
});

describe("what is asked for", () => {
  const tools = [
    { type: "function", name: "f", parameters: { properties: {} } },
    { type: "custom", name: "patch" },
  ];

  test.each([
    ["auto", true, { type: "auto" }],
    ["required", false, { type: "any", disable_parallel_tool_use: true }],
    ["none", true, { type: "none" }],
    [{ type: "function", name: "f" }, true, { type: "tool", name: "f" }],
  ])("tool choice %j with parallel calls %s", (tool_choice, parallel_tool_calls, expected) => {
    const request = body({ tools, tool_choice, parallel_tool_calls });
    expect(request["tool_choice"]).toEqual(expected);
    expect(request["tools"]).toMatchObject([{ name: "f", input_schema: { type: "object" } }, { name: "patch" }]);
  });

  test.each([
    ["none", { thinking: { type: "disabled" } }],
    ["minimal", { thinking: { type: "adaptive" }, output_config: { effort: "low" } }],
    ["high", { thinking: { type: "adaptive" }, output_config: { effort: "high" } }],
    ["xhigh", { thinking: { type: "adaptive" }, output_config: { effort: "max" } }],
  ])("effort %s", (effort, expected) => {
    expect(body({ reasoning: { effort } })).toMatchObject(expected);
  });

  test("a limit, which has to be named", () => {
    expect(body({})["max_tokens"]).toBe(32_000);
    expect(body({ max_output_tokens: 5 })["max_tokens"]).toBe(5);
  });

  test("sampling only where the model does not think", () => {
    expect(body({ temperature: 0.5 })).toHaveProperty("temperature", 0.5);
    expect(body({ temperature: 0.5, reasoning: { effort: "low" } })).not.toHaveProperty("temperature");
  });

  test("a schema beside the effort", () => {
    const format = { type: "json_schema", name: "n", schema: { type: "object" } };
    expect(body({ text: { format }, reasoning: { effort: "low" } })["output_config"]).toEqual({
      effort: "low",
      format: { type: "json_schema", schema: { type: "object" } },
    });
  });

  test("at most four marks for the cache", () => {
    const request = body({ instructions: "x", tools, input: [said("user", "a"), said("user", "b")] });
    expect(JSON.stringify(request).match(/cache_control/g)).toHaveLength(3);
  });

  test("one way of sampling, since more are refused", () => {
    expect(body({ temperature: 0.5, top_p: 0.9 })).not.toHaveProperty("top_p");
    expect(body({ top_p: 0.9 })).toHaveProperty("top_p", 0.9);
  });

  test("a choice among some tools, of which the others are not offered", () => {
    const allowed = {
      type: "allowed_tools",
      mode: "required",
      tools: [
        { type: "custom", name: "patch" },
        { type: "function", name: "g" },
      ],
    };
    const request = body({ tools: [...tools, { type: "function", name: "g" }], tool_choice: allowed });
    expect(request).toMatchObject({ tools: [{ name: "patch" }, { name: "g" }], tool_choice: { type: "any" } });
  });

  test("searches in the words of Anthropic, and one where they have to be made", () => {
    const search = {
      type: "web_search",
      filters: { allowed_domains: ["x.test"] },
      user_location: { type: "approximate", country: "DE", city: null },
    };
    expect(body({ tools: [search], tool_choice: { type: "web_search" } })).toMatchObject({
      tools: [
        {
          type: "web_search_20250305",
          name: "web_search",
          allowed_domains: ["x.test"],
          user_location: { type: "approximate", country: "DE" },
        },
      ],
      tool_choice: { type: "tool", name: "web_search" },
    });
  });

  test("no thinking where a tool has to be used", () => {
    const request = body({ tools, tool_choice: "required", reasoning: { effort: "high" } });
    expect(request).not.toHaveProperty("thinking");
  });

  test("nothing that only OpenAI keeps", () => {
    expect(fault({ previous_response_id: "resp_1" })).toBe("previous_response_id");
    expect(fault({ conversation: "conv_1" })).toBe("conversation");
    expect(fault({ prompt: { id: "pmpt_1" } })).toBe("prompt");
    expect(fault({ background: true })).toBe("background");
    expect(fault({ previous_response_id: null, background: false })).toBe("none");
  });
});

describe("content that Anthropic takes in its own form only", () => {
  const file = (part: object) =>
    messages([{ type: "message", role: "user", content: [{ type: "input_file", ...part }] }]);

  test("plain text is told as it is", () => {
    expect(file({ filename: "a.md", file_data: "data:text/markdown;charset=utf-8;base64,aGk=" })).toMatchObject([
      {
        content: [{ type: "document", title: "a.md", source: { type: "text", media_type: "text/plain", data: "hi" } }],
      },
    ]);
  });

  test("other kinds of documents are a fault", () => {
    const docx = { file_data: "data:application/msword;base64,AA" };
    const input = [{ type: "message", role: "user", content: [{ type: "input_file", ...docx }] }];
    expect(fault({ input })).toBe("input[0].content[0]");
  });

  test("texts without a letter are left out", () => {
    expect(messages([said("user", "hi"), said("assistant", " \n"), said("user", "go")])).toMatchObject([
      { role: "user", content: [{ text: "hi" }, { text: "go" }] },
    ]);
  });

  test("pictures of developers stand where pictures may stand", () => {
    const picture = { type: "input_image", image_url: "data:image/png;base64,AA" };
    const request = body({ input: [{ type: "message", role: "developer", content: [picture] }] });
    expect(request).not.toHaveProperty("system");
    expect(request["messages"]).toMatchObject([{ role: "user", content: [{ type: "image" }] }]);
  });

  test("arguments that were cut off are passed on as they are", () => {
    const cut = { type: "function_call", call_id: "c", name: "f", arguments: '{"x":' };
    expect(messages([said("user", "go"), cut])).toMatchObject([
      {},
      { content: [{ type: "tool_use", input: { arguments: '{"x":' } }] },
    ]);
  });
});
