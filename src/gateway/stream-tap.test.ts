import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { StreamTap } from "./stream-tap.ts";

const recorded = readFileSync(join(import.meta.dirname, "../wire/responses/fixtures/stream-with-reasoning.txt"));
const now = Date.UTC(2026, 10, 20, 12);

function tapped(chunks: readonly (Buffer | string)[]): StreamTap {
  const tap = new StreamTap(() => now);
  for (const chunk of chunks) tap.push(Buffer.from(chunk));
  tap.end();
  return tap;
}

const bytewise = (text: string | Buffer) => Array.from(Buffer.from(text), (byte) => Buffer.from([byte]));
const facts = ({ terminal, hasContent, readings }: StreamTap) => ({
  kind: terminal?.kind,
  facts: terminal?.facts,
  hasContent,
  readings,
});

describe("of a recorded stream the tap knows", () => {
  test("how it ended and what it cost", () => {
    const { terminal, hasContent } = tapped([recorded]);
    expect(hasContent).toBe(true);
    expect(terminal).toMatchObject({
      kind: "completed",
      facts: { model: "gpt-test", error: null, usage: { input: 1205, cachedInput: 1000 } },
    });
  });

  test("the same however it is cut, with LF and CRLF, with and without event lines", () => {
    const truth = facts(tapped([recorded]));
    const text = recorded.toString();
    for (const each of [text, text.replaceAll("\n", "\r\n"), text.replaceAll(/^event: .*\n/gm, ""), text.trimEnd()]) {
      expect(facts(tapped(bytewise(each)))).toEqual(truth);
      for (let place = 0; place < each.length; place += 13) {
        expect(facts(tapped([each.slice(0, place), each.slice(place)]))).toEqual(truth);
      }
    }
  });

  test("that it never ended, when its last event is cut off", () => {
    const last = recorded.indexOf("event: response.completed");
    for (let place = last; place < recorded.length - 3; place += 97) {
      expect(tapped([recorded.subarray(0, place)]).terminal).toBeNull();
    }
  });

  test("at each byte whether anything was said yet", () => {
    const firstContent = recorded.indexOf("event: response.output_item.added");
    const tap = new StreamTap(() => now);
    tap.push(recorded.subarray(0, firstContent));
    expect(tap.hasContent).toBe(false);
    expect(tap.isAtBoundary).toBe(true);
    tap.push(recorded.subarray(firstContent, firstContent + 100));
    expect(tap.hasContent).toBe(true);
    expect(tap.isAtBoundary).toBe(false);
  });
});

describe("a refusal split over chunks", () => {
  const error = {
    code: "usage_limit_reached",
    type: "usage_limit_reached",
    message: "The limit is reached.",
    plan_type: "plus",
  };

  test.each([
    [
      "with an event line",
      `event: response.failed\ndata: ${JSON.stringify({ type: "response.failed", response: { error } })}\n\n`,
    ],
    [
      "without one, its type last",
      `data: ${JSON.stringify({ response: { error, output: [] }, type: "response.failed" })}\n\n`,
    ],
    [
      "as an error event whose type comes last",
      `data: ${JSON.stringify({ error, sequence_number: 1, type: "error" })}\n\n`,
    ],
    ["behind a long comment", `: ${"x".repeat(200)}\nevent: error\ndata: ${JSON.stringify({ error })}\n\n`],
  ])("is no content: %s", (_form, text) => {
    const tap = tapped(bytewise(`event: response.created\ndata: {}\n\n${text}`));
    expect(tap.hasContent).toBe(false);
    expect(tap.terminal).toMatchObject({ kind: "failed", facts: { error: { code: "usage_limit_reached" } } });
  });
});

test("only the first terminal event counts, and what follows it says nothing of the answer's end", () => {
  const failed = 'event: response.failed\ndata: {"response":{}}\n\n';
  const completed = 'event: response.completed\ndata: {"response":{}}\n\n';
  expect(tapped([failed, completed]).terminal?.kind).toBe("failed");
  expect(tapped([completed, failed]).terminal?.kind).toBe("completed");
  expect(tapped(["event: response.created\ndata: {}\n\n"]).terminal).toBeNull();
});

test("the newest readable word on limits is kept, with its time", () => {
  const limits = (percent: number) => {
    const payload = {
      type: "codex.rate_limits",
      rate_limits: { primary: { used_percent: percent, window_minutes: 300 } },
    };
    return `event: codex.rate_limits\ndata: ${JSON.stringify(payload)}\n\n`;
  };
  const tap = tapped([limits(10), limits(20), "event: codex.rate_limits\ndata: oops\n\n"]);
  expect(tap.readings).toMatchObject([{ windows: [{ minutes: 300, usedPercent: 20 }], source: "event", at: now }]);
  expect(tap.hasContent).toBe(false);
});
