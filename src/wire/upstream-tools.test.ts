import { describe, expect, test } from "vitest";
import { FaultyRequest } from "./translation.ts";
import { callOf, UpstreamTools } from "./upstream-tools.ts";

const offer = (...tools: readonly object[]) => new UpstreamTools({ input: [], tools: tools as [] });
const NONE: ReadonlySet<string> = new Set();

describe("a tool", () => {
  test("of free text becomes a function with one text, and its grammar is told in words", () => {
    const format = { type: "grammar", syntax: "lark", definition: "start: begin" };
    const [tool] = offer({ type: "custom", name: "patch", description: "Edits.", format }).list;
    expect(tool).toMatchObject({ name: "patch", parameters: { required: ["input"] } });
    expect(tool?.description).toBe("Edits.\n\nThe text must follow this grammar (lark):\nstart: begin");
  });

  test("of a namespace has its name in front, and the model's call is turned back", () => {
    const exec = { type: "custom", name: "exec" };
    const tools = offer({ type: "namespace", name: "functions", tools: [exec] });
    expect(tools.list).toMatchObject([{ name: "functions__exec" }]);
    expect(tools.startOf("functions__exec", "c")).toEqual({
      kind: "custom",
      name: "exec",
      namespace: "functions",
      callId: "c",
    });
  });

  test("that is offered twice is offered once, as it was last", () => {
    const input = [{ type: "additional_tools", tools: [{ type: "function", name: "f", description: "new" }] }];
    const tools = [
      { type: "function", name: "f", description: "old" },
      { type: "function", name: "g" },
    ];
    expect(new UpstreamTools({ input, tools }).list).toMatchObject([{ name: "f", description: "new" }, { name: "g" }]);
  });

  test("that a search has found can be called", () => {
    const input = [{ type: "tool_search_output", call_id: "s", tools: [{ type: "function", name: "f" }] }];
    expect(new UpstreamTools({ input }).list).toMatchObject([{ name: "f" }]);
  });

  test("that a client searches tools with becomes a function, in the history too", () => {
    const tools = offer({
      type: "tool_search",
      execution: "client",
      description: "Finds.",
      parameters: { type: "object" },
    });
    expect(tools.list).toMatchObject([{ name: "tool_search", description: "Finds." }]);
    expect(tools.startOf("tool_search", "c")).toMatchObject({ kind: "search" });
    const item = { type: "tool_search_call", call_id: "c", arguments: { query: "x" } };
    expect(callOf(item, tools)).toEqual({ id: "c", name: "tool_search", json: '{"query":"x"}' });
  });
});

describe("a tool of OpenAI's own", () => {
  test.each(["web_search", "web_search_preview_2025_03_11", "image_generation", "tool_search"])(
    "is left out where the upstream has none: %s",
    (type) => {
      expect(offer({ type }).hostedBy(NONE)).toEqual([]);
    },
  );

  test("is run by an upstream that has it, whichever version is named", () => {
    expect(offer({ type: "web_search_preview" }).hostedBy(new Set(["web_search"]))).toHaveLength(1);
  });

  test.each(["file_search", "mcp", "code_interpreter", "local_shell"])("is a fault where it is needed: %s", (type) => {
    expect(() => offer({ type }).hostedBy(NONE)).toThrow(FaultyRequest);
  });
});
