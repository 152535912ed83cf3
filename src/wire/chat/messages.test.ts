import { describe, expect, test } from "vitest";
import { droppedOf, faultOf, itemsOf, requestOf, userMessage } from "./testing.ts";

const user = { type: "message", role: "user", content: [{ type: "input_text", text: "Hello" }] };
const said = (text: string) => ({ type: "message", role: "assistant", content: [{ type: "output_text", text }] });
const call = (id: string | undefined, name = "look", args: unknown = "{}") => {
  return { id, type: "function", function: { name, arguments: args } };
};

describe("messages", () => {
  test.each(["system", "developer"])("of the role %s are the developer's, at their place", (role) => {
    expect(itemsOf(userMessage, { role, content: "Be brief." })).toEqual([
      user,
      { type: "message", role: "developer", content: [{ type: "input_text", text: "Be brief." }] },
    ]);
  });

  test("keep nothing but role and content, and what is lost is named", () => {
    const message = { ...userMessage, name: "ann", id: "m1", metadata: null };
    expect(itemsOf(message)).toEqual([user]);
    expect(droppedOf({ messages: [message, message] })).toEqual(["messages[].name", "messages[].id"]);
  });

  test.each([
    [[], "messages"],
    ["Hello", "messages"],
    [["Hello"], "messages[0]"],
    [[{ role: "narrator", content: "Once" }], "messages[0].role"],
    [[{ role: "user", content: null }], "messages[0].content"],
    [[{ role: "user", content: 7 }], "messages[0].content"],
    [[userMessage, { role: "assistant", tool_calls: {} }], "messages[1].tool_calls"],
    [[{ role: "assistant", audio: { id: "audio_1" } }], "messages[0].audio"],
  ])("%j are refused by the name of what is wrong", (messages, param) => {
    expect(faultOf({ messages })).toMatchObject({ code: "invalid_request", param });
  });
});

describe("what the assistant said", () => {
  test("is output text, also as parts, and its refusals too", () => {
    const parts = [
      { type: "text", text: "It is" },
      { type: "refusal", refusal: "I cannot." },
    ];
    expect(itemsOf({ role: "assistant", content: "Hi", refusal: null })).toEqual([said("Hi")]);
    expect(itemsOf({ role: "assistant", content: null, refusal: "No." })).toEqual([said("No.")]);
    expect(itemsOf({ role: "assistant", content: parts })).toEqual([
      { ...said(""), content: [said("It is").content[0], said("I cannot.").content[0]] },
    ]);
  });

  test("does not hold its thoughts", () => {
    const thought = { type: "thinking", thinking: "Hm." };
    const message = { role: "assistant", content: [thought], reasoning_content: "Hm.", reasoning: "Hm." };
    expect(itemsOf(userMessage, message)).toEqual([user]);
  });

  test("holds no pictures", () => {
    const content = [{ type: "image_url", image_url: { url: "https://example.com/a.png" } }];
    expect(faultOf({ messages: [{ role: "assistant", content }] })?.param).toBe("messages[0].content[0].type");
  });
});

describe("tool calls and what came of them", () => {
  const answer = (tool_call_id: unknown, content: unknown = "sun") => ({ role: "tool", tool_call_id, content });

  test("stand behind the text, and no empty message stands between them", () => {
    expect(
      itemsOf(
        { role: "assistant", content: "I look.", tool_calls: [call("a")] },
        answer("a"),
        {
          role: "assistant",
          content: "",
          tool_calls: [call("b")],
        },
        answer("b"),
      ),
    ).toEqual([
      said("I look."),
      { type: "function_call", call_id: "a", name: "look", arguments: "{}" },
      { type: "function_call_output", call_id: "a", output: "sun" },
      { type: "function_call", call_id: "b", name: "look", arguments: "{}" },
      { type: "function_call_output", call_id: "b", output: "sun" },
    ]);
  });

  test.each([
    ['{"a":1}', '{"a":1}'],
    [{ a: 1 }, '{"a":1}'],
    [null, "{}"],
    ["", ""],
  ])("arguments %j are the text %j", (args, text) => {
    const [made] = itemsOf({ role: "assistant", tool_calls: [call("a", "look", args)] }, answer("a"));
    expect(made?.["arguments"]).toBe(text);
  });

  test.each([
    [call("a", "look", 7), "messages[0].tool_calls[0].function.arguments"],
    [call("a", ""), "messages[0].tool_calls[0].function.name"],
    [{ ...call("a"), id: 7 }, "messages[0].tool_calls[0].id"],
    ["look", "messages[0].tool_calls[0]"],
  ])("the call %j is refused", (wrong, param) => {
    expect(faultOf({ messages: [{ role: "assistant", tool_calls: [wrong] }, answer("a")] })?.param).toBe(param);
  });

  test("of a custom tool are custom, whichever way the client writes the call", () => {
    const tools = [{ type: "custom", custom: { name: "run" } }];
    const written = [
      call("a", "run", "print(1)"),
      { id: "a", type: "custom", custom: { name: "run", input: "print(1)" } },
    ];
    for (const each of written) {
      const messages = [{ role: "assistant", tool_calls: [each] }, answer("a", "1")];
      expect(requestOf({ messages, tools }).input).toEqual([
        { type: "custom_tool_call", call_id: "a", name: "run", input: "print(1)" },
        { type: "custom_tool_call_output", call_id: "a", output: "1" },
      ]);
    }
  });

  test("in the legacy form are paired by the name of the function", () => {
    const messages = [
      { role: "assistant", content: null, function_call: { name: "look", arguments: "{}" } },
      { role: "function", name: "look", content: "sun" },
    ];
    expect(itemsOf(...messages)).toEqual([
      { type: "function_call", call_id: "call_1", name: "look", arguments: "{}" },
      { type: "function_call_output", call_id: "call_1", output: "sun" },
    ]);
  });

  test("that say the one call in both forms are one call", () => {
    const message = { role: "assistant", tool_calls: [call("a")], function_call: { name: "look", arguments: "{}" } };
    expect(itemsOf(message, answer("a"))).toHaveLength(2);
  });
});
