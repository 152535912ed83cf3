import { describe, expect, test } from "vitest";
import { LONGEST_NAME } from "../tool-names.ts";
import { deltasOf, faultOf, requestOf } from "./testing.ts";

const bodyOf = (input: unknown, more: object = {}) => ({ messages: undefined, input, ...more });
const inputOf = (input: unknown) => requestOf(bodyOf(input)).input;
const hello = { type: "message", role: "user", content: [{ type: "input_text", text: "Hello" }] };

describe("a body of the Responses API", () => {
  test("is taken as what it is", () => {
    const more = { model: "gpt-5.5", instructions: "Be brief.", reasoning: { effort: "high", summary: "auto" } };
    expect(requestOf(bodyOf([hello], more))).toEqual({ ...more, input: [hello] });
  });

  test.each([
    ["Hello", [hello]],
    [hello, [hello]],
    [
      [
        { role: "system", content: "Be brief." },
        { ...hello, id: "msg_1", status: "completed" },
      ],
      [{ role: "developer", content: "Be brief." }, hello],
    ],
  ])("may have the input %j", (input, items) => expect(inputOf(input)).toEqual(items));

  test("gets names and call ids that fit", () => {
    const name = "x".repeat(80);
    const [call, output] = inputOf([
      { type: "function_call", call_id: name, name, arguments: "{}" },
      { type: "function_call_output", call_id: name, output: "x" },
    ]);
    expect(String(call?.["name"]).length).toBeLessThanOrEqual(LONGEST_NAME);
    expect(String(call?.["call_id"]).length).toBeLessThanOrEqual(LONGEST_NAME);
    expect(output?.["call_id"]).toBe(call?.["call_id"]);
  });

  test.each([
    [[{ type: "item_reference", id: "msg_1" }], "input"],
    [["Hello"], "input[0]"],
    [7, "input[0]"],
  ])("is refused with the input %j", (input, param) => expect(faultOf(bodyOf(input))?.param).toBe(param));

  test("is told of custom calls as of functions, since chunks have no other word that it knows", () => {
    const tools = [{ type: "custom", name: "ApplyPatch" }];
    const item = { type: "custom_tool_call", id: "ctc_1", call_id: "c", name: "ApplyPatch", input: "*** Begin" };
    const done = { type: "response.output_item.done", output_index: 0, item };
    expect(deltasOf([done], bodyOf("Hello", { tools }))).toEqual([
      { tool_calls: [{ index: 0, id: "c", type: "function", function: { name: "ApplyPatch", arguments: "" } }] },
      { tool_calls: [{ index: 0, function: { arguments: "*** Begin" } }] },
    ]);
  });
});
