import { describe, expect, test } from "vitest";
import { FaultyRequest } from "./translation.ts";
import { choiceOf, forcedTool, offeredTools, type ToolChoice } from "./upstream-choice.ts";
import { UpstreamTools } from "./upstream-tools.ts";

const f = { type: "function", name: "f" };
const g = { type: "function", name: "g" };
const allowed = (mode: string, ...tools: readonly object[]) => ({ type: "allowed_tools", mode, tools });

function choose(tool_choice: unknown, own: readonly string[] = [], offered: readonly object[] = [f, g]): ToolChoice {
  const request = { input: [], tools: offered as [], tool_choice };
  return choiceOf(request, new UpstreamTools(request), new Set(own));
}

describe("a choice", () => {
  test.each([
    [undefined, { mode: "auto", only: null }],
    ["none", { mode: "none", only: null }],
    ["required", { mode: "required", only: null }],
    [f, { mode: "required", only: ["f"] }],
    [
      { type: "custom", name: "exec", namespace: "functions" },
      { mode: "required", only: ["functions__exec"] },
    ],
    [allowed("auto", f), { mode: "auto", only: ["f"] }],
    [allowed("required", f, g), { mode: "required", only: ["f", "g"] }],
    [allowed("auto", f, { type: "web_search" }), { mode: "auto", only: ["f"] }],
  ])("%j", (asked, expected) => {
    expect(choose(asked)).toEqual(expected);
  });

  test("of a search goes to an upstream that searches, and is a fault at any other", () => {
    const offered = [f, { type: "web_search" }];
    expect(choose({ type: "web_search_preview" }, ["web_search"], offered)).toEqual({
      mode: "required",
      only: ["web_search"],
    });
    expect(() => choose({ type: "web_search" }, [], offered)).toThrow(FaultyRequest);
  });

  test("of any tool is a fault where all tools had to be left out", () => {
    expect(() => choose("required", [], [{ type: "web_search" }])).toThrow(FaultyRequest);
    expect(choose("auto", [], [{ type: "web_search" }])).toEqual({ mode: "auto", only: null });
    const searching = choose("required", ["web_search"], [{ type: "web_search" }]);
    expect(searching).toEqual({ mode: "required", only: null });
  });

  test("in words that nobody knows is a fault", () => {
    expect(() => choose("perhaps")).toThrow(FaultyRequest);
    expect(() => choose({ type: "mcp" })).toThrow(FaultyRequest);
  });
});

test("of a choice among some, only those are offered; a single one is named instead", () => {
  const tools = new UpstreamTools({ input: [], tools: [f, g] });
  const names = (choice: ToolChoice) => offeredTools(tools, choice).map(({ name }) => name);
  expect(names({ mode: "auto", only: ["g"] })).toEqual(["g"]);
  expect(names({ mode: "required", only: ["g"] })).toEqual(["f", "g"]);
  expect(forcedTool({ mode: "required", only: ["g"] })).toBe("g");
  expect(forcedTool({ mode: "auto", only: ["g"] })).toBeNull();
});
