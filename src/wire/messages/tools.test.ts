import { describe, expect, test } from "vitest";
import { faultOf, sent, translated, user } from "./testing.ts";

const messages = [user("hello")];
const asked = (more: object) => sent({ messages, ...more });
const tool = (name: string, more: object = {}) => ({ name, input_schema: { type: "object", properties: {} }, ...more });
const search = { type: "web_search_20250305", name: "web_search" };

describe("a tool", () => {
  test("becomes a function that is not strict, without the marks of its vendor", () => {
    const marks = { cache_control: {}, defer_loading: true, eager_input_streaming: true, allowed_callers: ["direct"] };
    const input_schema = { $schema: "draft", type: "object", properties: { a: { type: "string" } }, required: ["a"] };
    expect(asked({ tools: [{ name: "read", description: "Reads.", input_schema, ...marks }] })["tools"]).toEqual([
      {
        type: "function",
        name: "read",
        description: "Reads.",
        parameters: { type: "object", properties: { a: { type: "string" } }, required: ["a"] },
        strict: false,
      },
    ]);
  });

  test("is strict when it asks for that and its schema leaves nothing open", () => {
    const closed = { type: "object", properties: { a: {} }, required: ["a"], additionalProperties: false };
    const strict = (input_schema: object) => asked({ tools: [{ name: "t", strict: true, input_schema }] })["tools"];
    expect(strict(closed)).toMatchObject([{ strict: true }]);
    expect(strict({ ...closed, required: [] })).toMatchObject([{ strict: false }]);
  });

  test("of a name that is too long is called by a short one, which the choice shares and answers undo", () => {
    const name = `mcp__files__${"n".repeat(70)}`;
    const request = { messages, tools: [tool(name)], tool_choice: { type: "tool", name } };
    const { tools, tool_choice } = sent(request) as { tools: [{ name: string }]; tool_choice: { name: string } };
    expect(tools[0].name).toMatch(/^mcp__[\w-]{1,59}$/);
    expect(tool_choice.name).toBe(tools[0].name);
    const output = [{ type: "function_call", call_id: "c", name: tools[0].name, arguments: "{}" }];
    const reply = translated(request).reply({ output }, { model: "m", owner: "a", now: 0 });
    expect(reply).toMatchObject({ content: [{ type: "tool_use", name }] });
  });

  test("that is told twice counts as it was told last", () => {
    expect(asked({ tools: [tool("a"), tool("b"), tool("a", { description: "new" })] })["tools"]).toMatchObject([
      { name: "a", description: "new" },
      { name: "b" },
    ]);
  });

  test.each([
    ["tools[0].name", { input_schema: {} }],
    ["tools[0].type", { type: "bash_20250124", name: "bash" }],
    ["tools[0].type", { type: "code_execution_20260120", name: "code_execution" }],
    ["tools[0].name", { type: "mcp_toolset" }],
  ])("is refused at %s when nothing can stand for it: %j", (place, refused) => {
    expect(faultOf({ messages, tools: [refused] })).toBe(place);
  });

  test("for finding other tools is not needed, since all are given", () => {
    const finder = { type: "tool_search_tool_bm25_20251119", name: "tool_search_tool_bm25" };
    expect(asked({ tools: [finder, tool("a", { defer_loading: true })] })["tools"]).toMatchObject([{ name: "a" }]);
  });
});

describe("the hosted search", () => {
  test("is made upstream, within the domains that are allowed", () => {
    const more = { allowed_domains: ["e.com"], user_location: { type: "approximate", city: "Rome" } };
    expect(asked({ tools: [{ ...search, ...more }] })).toMatchObject({
      tools: [{ type: "web_search", filters: { allowed_domains: ["e.com"] }, user_location: more.user_location }],
      include: ["reasoning.encrypted_content", "web_search_call.action.sources"],
    });
    expect(asked({ tools: [search] })["tools"]).toEqual([{ type: "web_search" }]);
  });

  test("names the limits that nothing stands for", () => {
    const limited = { ...search, blocked_domains: ["x.com"], max_uses: 8 };
    expect(translated({ messages, tools: [limited] }).dropped).toEqual([
      "tools[0].blocked_domains",
      "tools[0].max_uses",
    ]);
  });

  test("is not what a client's own tool of that name is", () => {
    expect(asked({ tools: [tool("web_search")] })["tools"]).toMatchObject([{ type: "function", name: "web_search" }]);
  });
});

describe("the choice of a tool", () => {
  const tools = [tool("read"), search];

  test.each([
    [undefined, "auto", true],
    [{ type: "auto" }, "auto", true],
    [{ type: "any" }, "required", true],
    [{ type: "none" }, "none", true],
    [{ type: "tool", name: "read" }, { type: "function", name: "read" }, true],
    [{ type: "tool", name: "web_search" }, { type: "web_search" }, true],
    [{ type: "any", disable_parallel_tool_use: true }, "required", false],
  ])("%j is told as %j", (tool_choice, chosen, isParallel) => {
    expect(asked({ tools, tool_choice })).toMatchObject({ tool_choice: chosen, parallel_tool_calls: isParallel });
  });

  test("is not told where there are no tools", () => {
    expect(Object.keys(asked({ tool_choice: { type: "auto" }, tools: [] }))).not.toContain("tool_choice");
  });

  test("is refused when it names no tool or is none", () => {
    expect(faultOf({ messages, tools, tool_choice: { type: "tool", name: "write" } })).toBe("tool_choice.name");
    expect(faultOf({ messages, tools, tool_choice: { type: "some" } })).toBe("tool_choice.type");
  });
});

describe("tools that change in the middle of a conversation", () => {
  const change = (type: string, by: object) => ({ role: "system", content: [{ type, tool: by }] });
  const reference = (name: string) => ({ type: "tool_reference", name });
  const definition = (name: string) => ({ type: "tool_definition", definition: tool(name) });
  const namesAfter = (...changes: object[]) => {
    const { tools } = sent({ messages: [...messages, ...changes], tools: [tool("a"), tool("b")] });
    return (tools as Array<{ name: string }>).map(({ name }) => name);
  };

  test("are those that there are at its end", () => {
    expect(namesAfter(change("tool_addition", reference("a")))).toEqual(["a", "b"]);
    expect(namesAfter(change("tool_addition", definition("c")))).toEqual(["a", "b", "c"]);
    expect(namesAfter(change("tool_removal", reference("a")))).toEqual(["b"]);
    expect(namesAfter(change("tool_removal", reference("a")), change("tool_addition", reference("a")))).toEqual([
      "b",
      "a",
    ]);
    expect(namesAfter(change("tool_addition", definition("c")), change("tool_removal", reference("c")))).toEqual([
      "a",
      "b",
    ]);
  });

  test("are refused when they live on a server of the vendor", () => {
    const changed = [...messages, change("tool_addition", { type: "mcp_toolset_reference", server_name: "s" })];
    expect(faultOf({ messages: changed })).toBe("messages[1].content[0].tool");
  });
});
