import type { OutgoingHttpHeaders } from "node:http";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FrameResponse, type FrameSink } from "./frame-response.ts";

function open(terms: { isCodex?: boolean } = {}) {
  const sent: Array<Record<string, unknown> | "ping" | "broken off"> = [];
  const answers: string[] = [];
  const sink = {
    send: (frame: Buffer) => void sent.push(JSON.parse(frame.toString()) as Record<string, unknown>),
    isCongested: false,
    ping: () => void sent.push("ping"),
    breakOff: () => void sent.push("broken off"),
  };
  const response = new FrameResponse({
    sink: sink satisfies FrameSink,
    isCodex: terms.isCodex ?? false,
    onHeaders: () => {},
    onAnswer: (id, output) => void answers.push(`${id} ${output.toString()}`),
    now: () => 0,
  });
  return { response, sink, sent, answers };
}

const stream = { "content-type": "text/event-stream" };
const event = (type: string, fields: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
const item = { type: "message", id: "msg_1" };
const whole =
  event("response.created") +
  event("response.output_item.done", { output_index: 0, item }) +
  event("response.completed", { response: { id: "resp_1", output: [] } });

describe("a stream", () => {
  test("becomes the same frames, however it is cut", () => {
    const text = Buffer.from(whole.replace("msg_1", "ü✓"));
    const expected = [
      { type: "response.created" },
      { type: "response.output_item.done", output_index: 0, item: { ...item, id: "ü✓" } },
      { type: "response.completed", response: { id: "resp_1", output: [] } },
    ];
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        const { response, sent } = open();
        response.writeHead(200, stream);
        const places = [0, ...cuts.toSorted((a, b) => a - b), text.length];
        places.forEach((from, index) => response.write(text.subarray(from, places[index + 1])));
        response.end();
        expect(sent).toEqual(expected);
      }),
    );
  });

  test("tells its id and its finished items, though the last event repeats none", () => {
    const { response, answers } = open();
    response.writeHead(200, stream);
    response.write(Buffer.from(whole));
    expect(answers).toEqual([`resp_1 [${JSON.stringify(item)}]`]);
  });

  test("that ends with events of our own drops what is half before them", () => {
    const { response, sent } = open();
    response.writeHead(200, stream);
    response.write(Buffer.from('event: response.output_text.delta\ndata: {"type":'));
    response.end(Buffer.from(event("response.failed")));
    expect(sent).toEqual([{ type: "response.failed" }]);
  });

  test("ends for Codex with response.failed where it ends with an error event", () => {
    const { response, sent } = open();
    response.writeHead(200, stream);
    response.write(Buffer.from(event("error", { code: "server_error", message: "no more" })));
    const error = { code: "server_error", message: "no more" };
    expect(sent).toMatchObject([{ type: "response.failed", response: { status: "failed", error } }]);
  });

  test("has pings in the place of comments, and nothing in that of junk", () => {
    const { response, sent } = open();
    response.writeHead(200, stream);
    response.write(Buffer.from(": keepalive\n\n\n\ndata: [DONE]\n\n"));
    expect(sent).toEqual(["ping"]);
  });

  test("begins for Codex with what stands in headers over HTTP", () => {
    const headers = { ...stream, "x-codex-turn-state": "s", "x-codex-primary-used-percent": "12" };
    const { response, sent } = open({ isCodex: true });
    response.writeHead(200, headers);
    expect(sent).toMatchObject([
      { type: "response.metadata", headers: { "x-codex-turn-state": "s" } },
      { type: "codex.rate_limits" },
    ]);
    const other = open();
    other.response.writeHead(200, headers);
    expect(other.sent).toEqual([]);
  });

  test("pauses while the client does not read", () => {
    const { response, sink } = open();
    response.writeHead(200, stream);
    expect(response.write(Buffer.from(event("response.created")))).toBe(true);
    sink.isCongested = true;
    expect(response.write(Buffer.from(event("response.in_progress")))).toBe(false);
  });
});

describe("a refusal is one frame", () => {
  const refused = (status: number, body: string): unknown => {
    const { response, sent } = open();
    const headers: OutgoingHttpHeaders = {
      "content-type": "application/json",
      "content-length": 9,
      "retry-after": "5",
    };
    response.writeHead(status, headers);
    response.end(Buffer.from(body));
    return sent;
  };

  test("with status, error and headers, in the form that Codex reads", () => {
    const error = { type: "usage_limit_reached", message: "m", resets_at: 1 };
    expect(refused(429, JSON.stringify({ error }))).toEqual([
      { type: "error", status: 429, error, headers: { "retry-after": "5" } },
    ]);
  });

  test.each([
    ['{"detail":"Unsupported parameter"}', "Unsupported parameter"],
    ["<html>", "<html>"],
  ])("also where the upstream's words have another form: %s", (body, message) => {
    expect(refused(400, body)).toMatchObject([{ type: "error", status: 400, error: { message } }]);
  });
});

describe("the end", () => {
  test("is told once, and later than it happens", async () => {
    const { response } = open();
    let closes = 0;
    response.on("close", () => (closes += 1));
    response.writeHead(200, stream);
    response.end();
    response.end();
    expect([closes, response.writableFinished]).toEqual([0, true]);
    await new Promise((resolve) => setImmediate(resolve));
    response.abandon();
    expect(closes).toBe(1);
  });

  test("takes the connection along where an answer is broken off", () => {
    const { response, sent } = open();
    response.writeHead(200, stream);
    response.socket.destroySoon();
    expect(sent).toEqual(["broken off"]);
    expect(response).toMatchObject({ destroyed: true, writableFinished: false });
    expect(response.write(Buffer.from(event("response.created")))).toBe(false);
    expect(sent).toEqual(["broken off"]);
  });
});
