import { describe, expect, test } from "vitest";
import { faultOf, itemsOf } from "./testing.ts";

const partsOf = (role: string, ...content: readonly unknown[]) => itemsOf({ role, content })[0]?.["content"];
const url = "data:image/png;base64,iVBORw0KGgo=";

describe.each(["user", "developer", "system"])("parts in a message of the role %s", (role) => {
  test.each([
    [
      { type: "text", text: "a" },
      { type: "input_text", text: "a" },
    ],
    [
      { type: "input_text", text: "a" },
      { type: "input_text", text: "a" },
    ],
    [
      { type: "image_url", image_url: { url, detail: "low" } },
      { type: "input_image", image_url: url, detail: "low" },
    ],
    [
      { type: "image_url", image_url: url },
      { type: "input_image", image_url: url },
    ],
    [
      { type: "input_image", image_url: url, detail: "high" },
      { type: "input_image", image_url: url, detail: "high" },
    ],
    [
      { type: "input_image", file_id: "file-1" },
      { type: "input_image", file_id: "file-1" },
    ],
    [
      { type: "file", file: { file_data: "data:application/pdf;base64,JVBE", filename: "a.pdf" } },
      { type: "input_file", file_data: "data:application/pdf;base64,JVBE", filename: "a.pdf" },
    ],
    [
      { type: "file", file: { file_id: "file-1" } },
      { type: "input_file", file_id: "file-1" },
    ],
    [
      { type: "input_audio", input_audio: { data: "AAAA", format: "wav" } },
      { type: "input_audio", input_audio: { data: "AAAA", format: "wav" } },
    ],
  ])("%j", (part, item) => {
    expect(partsOf(role, part)).toEqual([item]);
  });

  test("keep their order", () => {
    const content = [
      { type: "text", text: "a" },
      { type: "image_url", image_url: { url } },
      { type: "text", text: "b" },
    ];
    expect(partsOf(role, ...content)).toMatchObject([{ text: "a" }, { type: "input_image" }, { text: "b" }]);
  });

  test("lose their marks for caches", () => {
    const marks = { cache_control: { type: "ephemeral" }, prompt_cache_breakpoint: { mode: "explicit" } };
    expect(partsOf(role, { type: "text", text: "a", ...marks })).toEqual([{ type: "input_text", text: "a" }]);
  });
});

test.each([
  ["a", ""],
  [{ type: "video_url", video_url: { url } }, ".type"],
  [{ text: "no type" }, ".type"],
  [{ type: "text" }, ".text"],
  [{ type: "image_url", image_url: {} }, ".image_url.url"],
  [{ type: "file", file: { filename: "a.pdf" } }, ".file"],
  [{ type: "input_audio", input_audio: "AAAA" }, ".input_audio"],
])("the part %j is refused by its place", (part, below) => {
  const content = [{ type: "text", text: "a" }, part];
  expect(faultOf({ messages: [{ role: "user", content }] })?.param).toBe(`messages[0].content[1]${below}`);
});
