import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ForeignStream } from "./stream.ts";

/** As the backend sends it, with the last event's output left empty. */
const recorded = readFileSync(join(import.meta.dirname, "fixtures/stream-with-reasoning.txt"));

function filtered(chunks: readonly Buffer[]): string {
  const stream = new ForeignStream();
  return [...chunks.map((chunk) => Buffer.from(stream.push(chunk))), stream.end()].map(String).join("");
}

const through = (text: string) => filtered([Buffer.from(text)]);
const events = (text: string) => text.split("\n\n").filter((event) => event !== "");

describe("the stream for other clients", () => {
  const [last = "", ...before] = events(filtered([recorded])).toReversed();

  test("is the backend's own up to the last event", () => {
    expect(before.toReversed()).toEqual(events(recorded.toString()).slice(0, -1));
  });

  test("ends with the finished items in the response", () => {
    const { response } = JSON.parse(last.slice(last.indexOf("{"))) as {
      response: { output: unknown[]; usage: object };
    };
    expect(response.output).toMatchObject([
      { id: "rs_5", type: "reasoning" },
      { id: "msg_5", type: "message" },
    ]);
    expect(response.usage).toMatchObject({ input_tokens: 1205 });
  });

  test("is the same however the bytes are cut", () => {
    const whole = filtered([recorded]);
    expect(filtered(Array.from(recorded, (byte) => Buffer.from([byte])))).toBe(whole);
    for (let place = 1; place < recorded.length; place += 7) {
      expect(filtered([recorded.subarray(0, place), recorded.subarray(place)])).toBe(whole);
    }
  });
});

test("the backend's own events are left out, everything else stays, comments too", () => {
  const kept = ': ping\n\nevent: response.created\ndata: {}\n\nevent: error\ndata: {"message":"m"}\n\n';
  const own =
    'event: codex.rate_limits\ndata: {}\n\ndata: {"type":"codex.keepalive"}\n\nevent: keepalive\ndata: {}\n\n';
  expect(through(`${own}${kept}${own}`)).toBe(kept);
});

test("an incomplete answer is filled like a complete one, a failed one left alone", () => {
  const done = 'data: {"type":"response.output_item.done","output_index":0,"item":{"id":"a"}}\n\n';
  const incomplete = 'data: {"type":"response.incomplete","response":{"output":[]}}\r\n\r\n';
  expect(through(done + incomplete)).toBe(
    `${done}event: response.incomplete\ndata: {"type":"response.incomplete","response":{"output":[{"id":"a"}]}}\n\n`,
  );
  const failed = 'event: response.failed\ndata: {"response":{"output":[]}}\n\n';
  expect(through(done + failed)).toBe(done + failed);
});

test("a last event without a blank line, and one that is no JSON, are not lost", () => {
  expect(through('event: response.completed\ndata: {"response":{}}')).toBe(
    'event: response.completed\ndata: {"response":{"output":[]}}\n\n',
  );
  expect(through("event: response.completed\ndata: oops\n\n")).toBe("event: response.completed\ndata: oops\n\n");
});

test.each(["response.completed", "response.done", "response.incomplete", "response.failed", "error"])(
  "nothing is told behind %s",
  (name) => {
    const end = `event: ${name}\ndata: {"response":{"output":[{"id":"a"}]}}\n\n`;
    const late = 'event: response.output_text.delta\ndata: {"delta":"?"}\n\n';
    expect(through(end + late + end)).toBe(end);
  },
);
