import { expect, test } from "vitest";
import { readMessagesFields } from "./fields.ts";

const read = (request: object) => readMessagesFields(Buffer.from(JSON.stringify(request)));

test("the few fields that routing needs are read from the bytes", () => {
  expect(
    read({
      messages: [{ role: "user", content: "hello" }],
      model: "gpt-5.5",
      metadata: { user_id: JSON.stringify({ device_id: "d", session_id: "ses-1" }) },
      output_config: { effort: "high" },
      speed: "fast",
      stream: true,
    }),
  ).toEqual({
    model: "gpt-5.5",
    isStream: true,
    reasoningEffort: "high",
    serviceTier: "fast",
    conversation: "ses-1",
  });
});

test("what is missing is null, and a body that is no JSON says nothing", () => {
  const nothing = { model: null, isStream: false, reasoningEffort: null, serviceTier: null, conversation: null };
  expect(read({ messages: [] })).toEqual(nothing);
  expect(readMessagesFields(Buffer.from("no"))).toEqual(nothing);
});
