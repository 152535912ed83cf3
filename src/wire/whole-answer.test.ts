import { expect, test } from "vitest";
import { InternalWriter } from "./internal-events.ts";
import { eventsOfAnswer } from "./whole-answer.ts";

const usage = { input: 1, cachedInput: 0, output: 2, reasoning: 0 };

/** What a reader that only looks at events knows of them, by their types. */
const told = (events: readonly { readonly type: string; readonly delta?: unknown }[]) =>
  events.filter(({ type }) => type.endsWith(".delta")).map(({ type, delta }) => [type, delta]);

test("an answer that came whole is told as the stream that would have brought it", () => {
  const writer = new InternalWriter({ answerId: "resp_1", model: "m", now: 0 });
  writer.think("Hm.");
  writer.say("Hello.");
  writer.call("a", { callId: "call_1", name: "look", kind: "function" });
  writer.argue("a", '{"at":1}');
  writer.endCall("a");
  writer.end({ status: "completed" }, usage);
  const stream = writer.take();
  const answer = stream.at(-1)?.["response"] as never;

  const events = eventsOfAnswer(answer);

  expect(told(events)).toEqual(told(stream));
  expect(events.filter(({ type }) => type === "response.output_item.done")).toHaveLength(3);
  expect(events.at(-1)).toMatchObject({ type: "response.completed", response: answer });
  expect(events.map((event) => event["sequence_number"])).toEqual(events.map((_, index) => index));
});

test("what is announced has not been said yet", () => {
  const [, added] = eventsOfAnswer({
    status: "completed",
    output: [{ type: "message", id: "msg", status: "completed", content: [{ type: "output_text", text: "Hi" }] }],
  });
  expect(added).toMatchObject({ type: "response.output_item.added", item: { status: "in_progress", content: [] } });
});

test.each(["incomplete", "failed"])("an answer that is %s ends so", (status) => {
  expect(eventsOfAnswer({ status, output: [] }).at(-1)?.type).toBe(`response.${status}`);
});
