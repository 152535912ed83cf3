import { describe, expect, test } from "vitest";
import { faultOf, itemsOf } from "./testing.ts";

const url = "data:image/png;base64,iVBORw0KGgo=";
const picture = { type: "image_url", image_url: { url } };
const messages = (content: unknown) => [
  { role: "assistant", tool_calls: [{ id: "a", function: { name: "look", arguments: "{}" } }] },
  { role: "tool", tool_call_id: "a", content },
];
const outputOf = (content: unknown) => itemsOf(...messages(content))[1]?.["output"];

describe("what a tool gave back", () => {
  test.each([
    ["sun", "sun"],
    ['{"sky":"blue"}', '{"sky":"blue"}'],
    [null, ""],
    [undefined, ""],
    [{ sky: "blue" }, '{"sky":"blue"}'],
    [[], ""],
    [[1, 2], "[1,2]"],
    [[{ type: "resource", uri: "a" }], '[{"type":"resource","uri":"a"}]'],
    [
      [
        { type: "text", text: "su" },
        { type: "text", text: "n" },
      ],
      "sun",
    ],
  ])("%j is the output %j", (content, output) => expect(outputOf(content)).toBe(output));

  test("may hold pictures and files beside text", () => {
    const file = { type: "file", file: { file_id: "file-1" } };
    expect(outputOf([{ type: "text", text: "seen" }, picture, file])).toEqual([
      { type: "input_text", text: "seen" },
      { type: "input_image", image_url: url },
      { type: "input_file", file_id: "file-1" },
    ]);
  });

  test("may hold pictures in a list that was written as text", () => {
    expect(outputOf(JSON.stringify([picture]))).toEqual([{ type: "input_image", image_url: url }]);
  });

  test.each(['[{"type":"image_url"}]', '[{"type":"image_url","image_url":{"url":"a"}},1]', '["type":"image_url"'])(
    "is a text when it only looks like such a list: %s",
    (text) => expect(outputOf(text)).toBe(text),
  );

  test("holds no sound, which no upstream takes there", () => {
    const sound = { type: "input_audio", input_audio: { data: "AAAA", format: "wav" } };
    expect(faultOf({ messages: messages([sound]) })?.param).toBe("messages[1].content[0].type");
  });
});
