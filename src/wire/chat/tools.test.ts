import { describe, expect, test } from "vitest";
import { LONGEST_NAME } from "../tool-names.ts";
import { deltasOf, faultOf, messageOf, requestOf } from "./testing.ts";

const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const look = { type: "function", function: { name: "look", description: "Looks.", parameters } };
const custom = { type: "custom", custom: { name: "run", description: "Runs.", format: { type: "text" } } };
const long = `mcp__${"server".repeat(12)}__look`;
const toolsOf = (...tools: readonly unknown[]) => requestOf({ tools }).tools;

describe("offered tools", () => {
  test("lie flat, and are strict only when the client says so", () => {
    const flat = { type: "function", name: "look", description: "Looks.", parameters };
    expect(toolsOf(look)).toEqual([{ ...flat, strict: false }]);
    expect(toolsOf({ ...look, function: { ...look.function, strict: true } })).toEqual([{ ...flat, strict: true }]);
  });

  test.each([undefined, null, {}, { type: "object" }])("with the parameters %j take an object", (parameters) => {
    expect(toolsOf({ type: "function", function: { name: "look", parameters } })).toMatchObject([
      { parameters: { type: "object", properties: {} } },
    ]);
  });

  test("may stand in the flat form already", () => {
    expect(toolsOf({ type: "function", ...look.function })).toEqual(toolsOf(look));
    expect(toolsOf({ type: "custom", ...custom.custom })).toEqual(toolsOf(custom));
  });

  test("may be custom, with a grammar that lies flat", () => {
    const grammar = { syntax: "lark", definition: "start: /a/" };
    expect(toolsOf({ type: "custom", custom: { name: "run", format: { type: "grammar", grammar } } })).toEqual([
      { type: "custom", name: "run", format: { type: "grammar", ...grammar } },
    ]);
  });

  test("may be the upstream's own, in its own words", () => {
    const hosted = { type: "image_generation", size: "1024x1024" };
    expect(toolsOf(hosted)).toEqual([hosted]);
  });

  test("are there once: the first of a name, but a function before a custom tool", () => {
    const asFunction = { type: "function", function: { name: "run" } };
    expect(toolsOf(look, { ...look, function: { name: "look" } })).toEqual(toolsOf(look));
    expect(toolsOf(custom, asFunction)).toEqual(toolsOf(asFunction));
    expect(toolsOf(asFunction, custom)).toEqual(toolsOf(asFunction));
  });

  test("that are not said stay unsaid, and an empty list stays one", () => {
    expect(requestOf({})).not.toHaveProperty("tools");
    expect(requestOf({ tools: null })).not.toHaveProperty("tools");
    expect(requestOf({ tools: [] }).tools).toEqual([]);
  });

  test("may be called side by side as the client says, where there are any", () => {
    expect(requestOf({ tools: [look], parallel_tool_calls: false })).toMatchObject({ parallel_tool_calls: false });
    expect(requestOf({ tools: [look] })).not.toHaveProperty("parallel_tool_calls");
    expect(requestOf({ parallel_tool_calls: true })).not.toHaveProperty("parallel_tool_calls");
  });

  test("include the web search that is a setting here", () => {
    const near = { country: "CH", city: "Bern" };
    const web_search_options = {
      search_context_size: "low",
      user_location: { type: "approximate", approximate: near },
    };
    expect(requestOf({ web_search_options }).tools).toEqual([
      { type: "web_search", search_context_size: "low", user_location: { type: "approximate", ...near } },
    ]);
    expect(requestOf({ tools: [look], web_search_options: {} }).tools?.[1]).toEqual({ type: "web_search" });
  });

  test.each([
    ["none", "tools"],
    [["look"], "tools[0]"],
    [[{ type: "function" }], "tools[0].name"],
    [[{ type: "function", function: "look" }], "tools[0].function"],
    [[{ type: "function", function: {} }], "tools[0].function.name"],
    [[{ type: "function", function: { name: "a", parameters: [] } }], "tools[0].function.parameters"],
    [[look, { type: "custom", custom: {} }], "tools[1].custom.name"],
  ])("%j are refused", (tools, param) => expect(faultOf({ tools })?.param).toBe(param));
});

describe("a tool name over 64 characters", () => {
  const tools = [{ type: "function", function: { name: long } }];
  const messages = [
    { role: "assistant", tool_calls: [{ id: "a", function: { name: long, arguments: "{}" } }] },
    { role: "tool", tool_call_id: "a", content: "x" },
  ];
  const tool_choice = { type: "function", function: { name: long } };
  const request = requestOf({ tools, messages, tool_choice });
  const short = String(request.tools?.[0]?.["name"]);

  test("is shortened alike in the tools, the choice and the history", () => {
    expect(short.length).toBeLessThanOrEqual(LONGEST_NAME);
    expect(request.input[0]?.["name"]).toBe(short);
    expect(request["tool_choice"]).toEqual({ type: "function", name: short });
  });

  test("comes back whole, in a stream and in a reply", () => {
    const item = { type: "function_call", id: "fc_1", call_id: "b", name: short, arguments: "{}" };
    const called = { function: { name: long } };
    expect(messageOf([item], { tools })["tool_calls"]).toMatchObject([called]);
    expect(deltasOf([{ type: "response.output_item.added", output_index: 0, item }], { tools })).toMatchObject([
      { tool_calls: [called] },
    ]);
  });
});

describe("legacy functions", () => {
  const functions = [look.function];

  test("are tools of which one is called at a time", () => {
    expect(requestOf({ functions })).toMatchObject({ tools: toolsOf(look), parallel_tool_calls: false });
  });

  test.each([
    ["auto", "auto"],
    ["none", "none"],
    [{ name: "look" }, { type: "function", name: "look" }],
  ])("are chosen by function_call %j", (function_call, choice) => {
    expect(requestOf({ functions, function_call })).toMatchObject({ tool_choice: choice });
  });

  test("are refused by their own place", () => {
    expect(faultOf({ functions: [{}] })?.param).toBe("functions[0].name");
  });
});

describe("the choice of tools", () => {
  const tools = [look, custom];

  test.each([
    ["auto", "auto"],
    ["none", "none"],
    ["required", "required"],
    ["any", "required"],
    [{ type: "auto" }, "auto"],
    [
      { type: "function", function: { name: "look" } },
      { type: "function", name: "look" },
    ],
    [
      { type: "function", name: "look" },
      { type: "function", name: "look" },
    ],
    [
      { type: "custom", custom: { name: "run" } },
      { type: "custom", name: "run" },
    ],
    [{ type: "web_search_preview" }, { type: "web_search_preview" }],
    [
      { type: "allowed_tools", allowed_tools: { mode: "required", tools: [look, custom] } },
      {
        type: "allowed_tools",
        mode: "required",
        tools: [
          { type: "function", name: "look" },
          { type: "custom", name: "run" },
        ],
      },
    ],
  ])("%j", (tool_choice, choice) => expect(requestOf({ tools, tool_choice })).toMatchObject({ tool_choice: choice }));

  test.each([
    ["always", "tool_choice"],
    [7, "tool_choice"],
    [{ type: "function", function: {} }, "tool_choice.function.name"],
    [{ type: "allowed_tools", allowed_tools: { tools: ["look"] } }, "tool_choice.allowed_tools.tools[0]"],
  ])("%j is refused", (tool_choice, param) => expect(faultOf({ tools, tool_choice })?.param).toBe(param));
});
