import { expect, test } from "vitest";
import { readForwardedFields } from "./forwarded.ts";

const FORM = 'multipart/form-data; boundary="x"';

function form(...parts: readonly string[]): Buffer {
  return Buffer.from(`${parts.map((part) => `--x\r\n${part}\r\n`).join("")}--x--\r\n`, "latin1");
}
const model = 'Content-Disposition: form-data; name="model"\r\n\r\nwhisper-1';
const file = (bytes: number) =>
  `Content-Disposition: form-data; name="file"; filename="a.mp3"\r\nContent-Type: audio/mpeg\r\n\r\n${"\u00ff".repeat(bytes)}`;

test("the model of a form is found before and behind its file, however large that is", () => {
  expect(readForwardedFields(form(model, file(200_000)), FORM)).toMatchObject({ model: "whisper-1" });
  expect(readForwardedFields(form(file(200_000), model), FORM)).toMatchObject({ model: "whisper-1" });
});

test("a form without a model names none", () => {
  expect(readForwardedFields(form(file(10)), FORM)).toMatchObject({ model: null });
});

test("a JSON body names its model as ever", () => {
  const body = Buffer.from(JSON.stringify({ model: "text-embedding-3-small", input: "hi" }));
  expect(readForwardedFields(body, "application/json")).toMatchObject({
    model: "text-embedding-3-small",
    isStream: false,
  });
});
