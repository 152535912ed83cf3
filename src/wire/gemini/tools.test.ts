import { describe, expect, test } from "vitest";
import { faultOf, HELLO, requestOf, translated } from "./testing.ts";

const declared = (...functionDeclarations: readonly object[]) => ({ ...HELLO, tools: [{ functionDeclarations }] });
const tools = (...functionDeclarations: readonly object[]) => requestOf(declared(...functionDeclarations)).tools;

describe("functions", () => {
  test("have parameters of either field, without strictness", () => {
    const expected = {
      type: "function",
      name: "f",
      description: "d",
      strict: false,
      parameters: { type: "object", properties: { a: { type: "string" } } },
    };
    const schema = { type: "OBJECT", properties: { a: { type: "STRING" } } };
    expect(tools({ name: "f", description: "d", parameters: schema })).toEqual([expected]);
    expect(tools({ name: "f", description: "d", parametersJsonSchema: { $schema: "x", ...schema } })).toEqual([
      expected,
    ]);
    expect(tools({ name: "f", description: "d", parameters_json_schema: schema })).toEqual([expected]);
  });

  test("without parameters take an empty object", () => {
    expect(tools({ name: "f" })).toMatchObject([{ parameters: { type: "object", properties: {} } }]);
  });

  test("with a name that upstreams refuse are called by it again in the answer", () => {
    const name = "server.tool:run";
    const translation = translated(declared({ name }));
    const short = translation.request.tools?.[0]?.["name"];
    expect(short).toMatch(/^[\w-]{1,64}$/);
    const call = { type: "function_call", call_id: "c", name: short, arguments: "{}" };
    const answer = translation.reply({ output: [call] }, { model: "m", owner: "a", now: 0 });
    expect(answer).toMatchObject({ candidates: [{ content: { parts: [{ functionCall: { name } }] } }] });
  });

  test("lose what no model is told, which is told instead", () => {
    expect(translated(declared({ name: "f", response: {}, behavior: "BLOCKING" })).dropped).toEqual([
      "tools.functionDeclarations.response",
      "tools.functionDeclarations.behavior",
    ]);
  });
});

describe("tools of Google", () => {
  test.each(["googleSearch", "google_search", "googleSearchRetrieval", "urlContext"])(
    "%s is a search of the web",
    (kind) => {
      expect(requestOf({ ...HELLO, tools: [{ [kind]: {} }, { googleSearch: {} }] }).tools).toEqual([
        { type: "web_search" },
      ]);
    },
  );

  test.each(["codeExecution", "computerUse", "fileSearch", "mcpServers"])("%s is refused by name", (kind) => {
    expect(faultOf({ ...HELLO, tools: [{ googleSearch: {} }, { [kind]: {} }] })?.param).toBe(`tools[1].${kind}`);
  });
});

describe("the choice", () => {
  const choice = (functionCallingConfig: object) =>
    requestOf({ ...declared({ name: "f" }, { name: "g" }), toolConfig: { functionCallingConfig } })["tool_choice"];
  const named = (name: string) => ({ type: "function", name });

  test.each([
    [{ mode: "NONE" }, "none"],
    [{ mode: "AUTO" }, "auto"],
    [{ mode: "VALIDATED" }, "auto"],
    [{}, "auto"],
    [{ mode: "ANY" }, "required"],
    [{ mode: "ANY", allowedFunctionNames: ["f"] }, named("f")],
    [
      { mode: "ANY", allowed_function_names: ["f", "g"] },
      { type: "allowed_tools", mode: "required", tools: [named("f"), named("g")] },
    ],
    [
      { mode: "VALIDATED", allowedFunctionNames: ["f"] },
      { type: "allowed_tools", mode: "auto", tools: [named("f")] },
    ],
  ])("%j is %j", (config, expected) => expect(choice(config)).toEqual(expected));

  test("is not told where there is nothing to choose from", () => {
    const toolConfig = { functionCallingConfig: { mode: "ANY" } };
    expect(requestOf({ ...HELLO, toolConfig })["tool_choice"]).toBeUndefined();
  });

  test("of another kind is refused by name", () => {
    const toolConfig = { functionCallingConfig: { mode: "SOMETIMES" } };
    expect(faultOf({ ...declared({ name: "f" }), toolConfig })?.param).toBe("toolConfig.functionCallingConfig.mode");
  });
});

describe("tools that cannot be understood are refused by name", () => {
  test.each([
    [{ ...HELLO, tools: ["x"] }, "tools[0]"],
    [{ ...HELLO, tools: {} }, "tools"],
    [{ ...HELLO, tools: [{ functionDeclarations: {} }] }, "tools[0].functionDeclarations"],
    [declared({}), "tools[0].functionDeclarations[0].name"],
    [declared({ name: "f", parameters: 1 }), "tools[0].functionDeclarations[0].parameters"],
  ])("%j", (body, param) => expect(faultOf(body)?.param).toBe(param));
});
