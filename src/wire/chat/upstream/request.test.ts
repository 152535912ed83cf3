import { describe, expect, test } from "vitest";
import type { InternalRequest, Item } from "../../internal.ts";
import { FaultyRequest } from "../../translation.ts";
import { packReasoning } from "./reasoning-pack.ts";
import { chatRequest } from "./request.ts";

const user = (text: string): Item => ({ type: "message", role: "user", content: [{ type: "input_text", text }] });
const body = (request: Partial<InternalRequest>) => chatRequest({ model: "m", input: [], ...request }).body;
const messages = (input: readonly Item[], more: Partial<InternalRequest> = {}) => body({ input, ...more })["messages"];
const fault = (request: Partial<InternalRequest>): string => {
  try {
    body(request);
  } catch (error) {
    if (error instanceof FaultyRequest) return error.fault.param ?? "";
  }
  return "none";
};

describe("the conversation becomes messages", () => {
  test("with instructions and developers as the system", () => {
    const developer = { type: "message", role: "developer", content: [{ type: "input_text", text: "Be brief." }] };
    expect(messages([developer, user("hi")], { instructions: "You help." })).toEqual([
      { role: "system", content: "You help." },
      { role: "system", content: "Be brief." },
      { role: "user", content: "hi" },
    ]);
  });

  test("with pictures and files beside the text", () => {
    const content = [
      { type: "input_text", text: "look" },
      { type: "input_image", image_url: "data:image/png;base64,AA", detail: "low" },
      { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,AA" },
    ];
    expect(messages([{ type: "message", role: "user", content }])).toEqual([
      {
        role: "user",
        content: [
          { type: "text", text: "look" },
          { type: "image_url", image_url: { url: "data:image/png;base64,AA", detail: "low" } },
          { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,AA" } },
        ],
      },
    ]);
  });

  test("with all calls of one turn in one message of the assistant, and their outputs behind it", () => {
    const call = (id: string): Item => ({ type: "function_call", call_id: id, name: "f", arguments: "{}" });
    const said = { type: "message", role: "assistant", content: [{ type: "output_text", text: "I look." }] };
    const output = (id: string): Item => ({ type: "function_call_output", call_id: id, output: `of ${id}` });
    const told = messages([user("go"), said, call("c1"), call("c2"), output("c1"), output("c2"), { ...said }]);
    expect(told).toMatchObject([
      { role: "user" },
      { role: "assistant", content: "I look.", tool_calls: [{ id: "c1" }, { id: "c2" }] },
      { role: "tool", tool_call_id: "c1", content: "of c1" },
      { role: "tool", tool_call_id: "c2", content: "of c2" },
      { role: "assistant", content: "I look." },
    ]);
  });

  test("with pictures of tools behind all that the tools have given", () => {
    const call = (id: string): Item => ({ type: "function_call", call_id: id, name: "f", arguments: "{}" });
    const picture = { type: "input_image", image_url: "data:image/png;base64,AA" };
    const output = (id: string, value: unknown): Item => ({ type: "function_call_output", call_id: id, output: value });
    const text = { type: "input_text", text: "of c1" };
    const given = [output("c1", [text, picture]), output("c2", [picture]), output("c3", "of c3")];
    expect(messages([user("go"), call("c1"), call("c2"), call("c3"), ...given, call("c4")])).toMatchObject([
      { role: "user" },
      { role: "assistant", content: null },
      { role: "tool", tool_call_id: "c1", content: "of c1" },
      { role: "tool", tool_call_id: "c2", content: "It is shown below." },
      { role: "tool", tool_call_id: "c3", content: "of c3" },
      { role: "user", content: [{ type: "image_url" }, { type: "image_url" }] },
      { role: "assistant", tool_calls: [{ id: "c4" }] },
    ]);
  });

  test("with what was said between a call and its output behind the output", () => {
    const call = { type: "function_call", call_id: "c", name: "f", arguments: "{}" };
    const told = messages([
      user("go"),
      call,
      user("wait"),
      { type: "function_call_output", call_id: "c", output: "ok" },
    ]);
    expect((told as Item[]).map(({ role }) => role)).toEqual(["user", "assistant", "tool", "user"]);
  });

  test("with the reasoning that led to calls, under the name that its server has for it", () => {
    const call = { type: "function_call", call_id: "c", name: "f", arguments: "{}" };
    const said = { type: "message", role: "assistant", content: [{ type: "output_text", text: "Done." }] };
    const thought = (text: string): Item => {
      const encrypted_content = packReasoning({ field: "reasoning_content", text });
      return { type: "reasoning", summary: [], encrypted_content };
    };
    const output = { type: "function_call_output", call_id: "c", output: "ok" };
    expect(messages([user("go"), thought("Hm."), call, output, thought("Aha."), said, thought("So.")])).toEqual([
      { role: "user", content: "go" },
      {
        role: "assistant",
        content: null,
        reasoning_content: "Hm.",
        tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
      },
      { role: "tool", tool_call_id: "c", content: "ok" },
      { role: "assistant", content: "Done." },
    ]);
  });

  test("without searches that another upstream has made, whose answers tell what they found", () => {
    const search = { type: "web_search_call", id: "w", action: { type: "search", query: "x" } };
    expect(messages([user("hi"), search])).toEqual([{ role: "user", content: "hi" }]);
  });

  test("without reasoning, which is sealed for another upstream", () => {
    expect(messages([{ type: "reasoning", summary: [], encrypted_content: "gAAAA" }, user("hi")])).toEqual([
      { role: "user", content: "hi" },
    ]);
  });

  test.each([
    ["a compaction", { input: [{ type: "compaction", encrypted_content: "x" }] }, "input[0]"],
    ["a tool of OpenAI's own that is needed", { tools: [{ type: "file_search" }] }, "tools"],
    [
      "a picture that is kept at OpenAI",
      {
        input: [
          { type: "function_call", call_id: "c", name: "f", arguments: "{}" },
          { type: "function_call_output", call_id: "c", output: [{ type: "input_image", file_id: "x" }] },
        ],
      },
      "input[1].output[0]",
    ],
    ["a request to compact", { input: [{ type: "compaction_trigger" }] }, "input[0]"],
    [
      "a choice of another upstream's tool",
      { tools: [{ type: "function", name: "f" }], tool_choice: { type: "mcp" } },
      "tool_choice",
    ],
    [
      "a file by its address",
      { input: [{ role: "user", content: [{ type: "input_file", file_url: "x" }] }] },
      "input[0].content[0]",
    ],
  ] as const)("but never with %s, which it cannot hold", (_what, request, param) => {
    expect(fault(request)).toBe(param);
  });
});

describe("tools", () => {
  test("of free text and of namespaces become functions, in the history and the choice alike", () => {
    const request = body({
      input: [
        { type: "custom_tool_call", call_id: "c1", name: "patch", input: "text" },
        { type: "custom_tool_call_output", call_id: "c1", output: "done" },
      ],
      tools: [
        { type: "custom", name: "patch" },
        { type: "namespace", name: "files", tools: [{ type: "function", name: "read", strict: true }] },
      ],
      tool_choice: { type: "function", name: "read", namespace: "files" },
    });
    expect(request).toMatchObject({
      tools: [
        { function: { name: "patch", parameters: { required: ["input"] } } },
        { function: { name: "files__read", strict: true } },
      ],
      tool_choice: { type: "function", function: { name: "files__read" } },
    });
    expect(request["messages"]).toMatchObject([
      { tool_calls: [{ function: { name: "patch", arguments: '{"input":"text"}' } }] },
      { role: "tool", content: "done" },
    ]);
  });

  test("that stand in the conversation are offered, too", () => {
    const added = { type: "additional_tools", role: "developer", tools: [{ type: "function", name: "f" }] };
    expect(body({ input: [added, user("hi")] })["tools"]).toMatchObject([{ function: { name: "f" } }]);
  });
});

describe("a choice among tools", () => {
  const tools = ["f", "g", "h"].map((name) => ({ type: "function", name }));

  test("of one is told by its name", () => {
    const tool_choice = { type: "allowed_tools", mode: "required", tools: [{ type: "function", name: "f" }] };
    expect(body({ tools, tool_choice })["tool_choice"]).toEqual({ type: "function", function: { name: "f" } });
  });

  test("of some leaves the others out, since servers have no other word for it", () => {
    const some = ["f", "g"].map((name) => ({ type: "function", name }));
    expect(body({ tools, tool_choice: { type: "allowed_tools", mode: "auto", tools: some } })).toMatchObject({
      tools: [{ function: { name: "f" } }, { function: { name: "g" } }],
      tool_choice: "auto",
    });
  });

  test("leaves out what OpenAI would run, where nobody insists on it", () => {
    const request = body({ tools: [...tools, { type: "web_search" }, { type: "tool_search" }] });
    expect(request["tools"]).toHaveLength(3);
    expect(fault({ tools: [{ type: "web_search" }], tool_choice: { type: "web_search" } })).toBe("tool_choice");
  });
});

test("nothing is asked for that only OpenAI keeps", () => {
  expect(fault({ previous_response_id: "resp_1" })).toBe("previous_response_id");
});

test("what the model thought in several steps of one turn is one text", () => {
  const thought = (text: string): Item => {
    return { type: "reasoning", summary: [], encrypted_content: packReasoning({ field: "reasoning", text }) };
  };
  const call = { type: "function_call", call_id: "c", name: "f", arguments: "{}" };
  expect(messages([user("go"), thought("Hm. "), thought("Aha."), call])).toMatchObject([
    { role: "user" },
    { role: "assistant", reasoning: "Hm. Aha." },
  ]);
});

test("what the model says behind a call belongs to its turn", () => {
  const told = messages([
    user("go"),
    { type: "function_call", call_id: "c", name: "f", arguments: "{}" },
    { type: "message", role: "assistant", content: [{ type: "output_text", text: "I look." }] },
    { type: "function_call_output", call_id: "c", output: "ok" },
  ]);
  expect(told).toMatchObject([
    { role: "user" },
    { role: "assistant", content: "I look.", tool_calls: [{ id: "c" }] },
    { role: "tool", tool_call_id: "c" },
  ]);
});

test("effort, verbosity, format and limits keep their meaning under other names", () => {
  const schema = { type: "object" };
  expect(
    body({
      reasoning: { effort: "high" },
      text: { verbosity: "low", format: { type: "json_schema", name: "n", schema, strict: true } },
      max_output_tokens: 9,
      temperature: 0.5,
    }),
  ).toMatchObject({
    reasoning_effort: "high",
    verbosity: "low",
    response_format: { type: "json_schema", json_schema: { name: "n", schema, strict: true } },
    max_tokens: 9,
    temperature: 0.5,
    stream: true,
    stream_options: { include_usage: true },
  });
});
