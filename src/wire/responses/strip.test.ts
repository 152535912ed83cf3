import { expect, test } from "vitest";
import { stripReasoning } from "./strip.ts";

const strip = (text: string) => stripReasoning(Buffer.from(text)).body.toString();

test("sealed reasoning is taken out, and everything else stays as it was, to the byte", () => {
  const call = '{"type":"function_call", "arguments":"{\\"n\\":1.0}" }';
  const own = '{ "type":"reasoning","summary":[] }';
  const text = `{"model" : "m","input": [ {"type":"reasoning","encrypted_content":"gAAAA"} , ${call}, ${own} ],"n":1.0}`;
  expect(strip(text)).toBe(`{"model" : "m","input":[${call},${own}],"n":1.0}`);
});

test("a compaction is history and is never taken out", () => {
  const text = '{"input":[{"type":"compaction","encrypted_content":"gAAAA"}]}';
  expect(strip(text)).toBe(text);
});

test.each([
  '{"input":"the word reasoning"}',
  '{"input":[]}',
  '{"model":"m"}',
  "no object",
  '{"input":[{"type":"reasoning","encrypted_content":"x"} {"type":"message"}]}',
])("%s stays as it is", (text) => {
  const body = Buffer.from(text);
  expect(stripReasoning(body).body).toBe(body);
});

test("reasoning alone leaves an empty input", () => {
  expect(strip('{"input":[{"encrypted_content":"x","type":"reasoning"}]}')).toBe('{"input":[]}');
});

test("only what was sealed up to a mark is taken out when there is one", () => {
  const sealed = (content: string) => `{"type":"reasoning","encrypted_content":"${content}"}`;
  const body = Buffer.from(`{"input":[${["one", "two", "three"].map(sealed).join(",")}]}`);
  const { last } = stripReasoning(Buffer.from(`{"input":[${sealed("one")},${sealed("two")}]}`));

  expect(stripReasoning(body, last).body.toString()).toBe(`{"input":[${sealed("three")}]}`);
  expect(stripReasoning(body, "gone").body).toBe(body);
});
