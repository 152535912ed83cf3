import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Dispatcher } from "undici";
import { describe, expect, test } from "vitest";
import { VirtualClock } from "../kit/virtual-clock.ts";
import { Exchange, type HeadVerdict } from "./exchange.ts";

const SECOND = 1000;
const sse = { "content-type": "text/event-stream" };
const json = { "content-type": "application/json" };
const created = 'event: response.created\ndata: {"type":"response.created"}\n\n';
const delta = 'event: response.output_text.delta\ndata: {"delta":"hi"}\n\n';
const completed = 'event: response.completed\ndata: {"response":{}}\n\n';
const failed =
  'event: response.failed\ndata: {"response":{"error":{"code":"usage_limit_reached","message":"No."}}}\n\n';

type Handler = Required<Dispatcher.DispatchHandler>;

/** An upstream that the test plays: it says what undici would report. */
function bench(firstByteTimeoutMs = 120 * SECOND) {
  const clock = new VirtualClock();
  const exchange = new Exchange({ clock, firstByteTimeoutMs, holdsFirstEvents: true });
  const calls: string[] = [];
  const controller = {
    abort: () => calls.push("abort"),
    pause: () => calls.push("pause"),
    resume: () => calls.push("resume"),
  } as unknown as Dispatcher.DispatchController;
  let handler: Handler | null = null;
  const dispatcher = { dispatch: (_options: unknown, given: Handler) => (handler = given) } as unknown as Dispatcher;
  const verdict = exchange.send({
    dispatcher,
    origin: "https://x",
    path: "/",
    method: "POST",
    headers: [],
    body: null,
  });
  handler!.onRequestStart(controller, {});
  const upstream = {
    starts: (status: number, headers: Record<string, string>) =>
      handler!.onResponseStart(controller, status, headers, ""),
    says: (text: string | Buffer) => handler!.onResponseData(controller, Buffer.from(text)),
    ends: () => handler!.onResponseEnd(controller, {}),
    breaks: (code = "ECONNRESET") => handler!.onResponseError(controller, Object.assign(new Error("broke"), { code })),
  };
  const got: string[] = [];
  const sink = {
    chunk: (chunk: Buffer) => void got.push(chunk.toString()),
    end: () => void got.push("<end>"),
    broke: () => void got.push("<broke>"),
  };
  return { clock, exchange, calls, upstream, got, sink, verdict };
}

const refusal = async (verdict: Promise<HeadVerdict>) => {
  const result = await verdict;
  return result.kind === "refused" ? result.seen : result.kind;
};
const isJudged = async (verdict: Promise<unknown>) => {
  return (await Promise.race([verdict, Promise.resolve("not yet")])) !== "not yet";
};

describe("an answer commits", () => {
  test("with the first event that says something, and is then handed on from its first byte", async () => {
    const { upstream, verdict, exchange, got, sink } = bench();
    upstream.starts(200, sse);
    upstream.says(created);
    expect(await isJudged(verdict)).toBe(false);
    upstream.says(delta);
    expect(await verdict).toEqual({ kind: "committed" });
    upstream.says(completed);
    exchange.attach(sink);
    upstream.ends();
    expect(got).toEqual([created + delta, completed, "<end>"]);
    expect(exchange.tap.terminal?.kind).toBe("completed");
  });

  test("when it only held back for ten seconds", async () => {
    const { upstream, verdict, clock } = bench();
    upstream.starts(200, sse);
    upstream.says(created);
    clock.advance(10 * SECOND - 1);
    expect(await isJudged(verdict)).toBe(false);
    clock.advance(1);
    expect(await verdict).toEqual({ kind: "committed" });
  });

  test("when it held back more than 64 KiB", async () => {
    const { upstream, verdict } = bench();
    upstream.starts(200, sse);
    upstream.says(`event: response.created\ndata: ${"x".repeat(64 * 1024)}\n\n`);
    expect(await verdict).toEqual({ kind: "committed" });
  });

  test("at once when it is no stream", async () => {
    const { upstream, verdict, exchange, got, sink } = bench();
    upstream.starts(200, json);
    expect(await verdict).toEqual({ kind: "committed" });
    upstream.says("{}");
    upstream.ends();
    exchange.attach(sink);
    expect(got).toEqual(["{}", "<end>"]);
  });

  test("although it is empty, when it says that it is complete", async () => {
    const { upstream, verdict } = bench();
    upstream.starts(200, sse);
    upstream.says(created + completed.trimEnd());
    upstream.ends();
    expect(await verdict).toEqual({ kind: "committed" });
  });

  test("and may break afterwards, which is then told to the one who reads", async () => {
    const { upstream, verdict, exchange, got, sink } = bench();
    upstream.starts(200, sse);
    upstream.says(delta);
    await verdict;
    exchange.attach(sink);
    upstream.breaks();
    expect(got).toEqual([delta, "<broke>"]);
  });
});

describe("an answer is refused", () => {
  test("with its status, words and body", async () => {
    const { upstream, verdict } = bench();
    upstream.starts(429, { ...json, "retry-after": "7" });
    upstream.says('{"error":{"type":"usage_limit_');
    upstream.says('reached"}}');
    upstream.ends();
    const result = await verdict;
    expect(result).toMatchObject({
      kind: "refused",
      seen: { phase: "answer", status: 429, type: "usage_limit_reached", retryAfterMs: 7000 },
    });
    expect(result.kind === "refused" && result.answer?.body.toString()).toBe(
      '{"error":{"type":"usage_limit_reached"}}',
    );
  });

  test("in a compressed body, which is undone", async () => {
    const { upstream, verdict } = bench();
    upstream.starts(400, { ...json, "content-encoding": "gzip" });
    upstream.says(await promisify(gzip)('{"detail":"no"}'));
    upstream.ends();
    expect(await refusal(verdict)).toMatchObject({ message: "no" });
  });

  test("with what arrived of its body when that breaks off, and with a bounded part of an endless one", async () => {
    const { upstream, verdict } = bench();
    upstream.starts(400, json);
    for (let count = 0; count < 100; count += 1) upstream.says("x".repeat(10_000));
    upstream.breaks();
    const result = await verdict;
    expect(result.kind === "refused" && result.answer?.body.length).toBeLessThan(300_000);
    expect(result).toMatchObject({ kind: "refused", seen: { status: 400 } });
  });

  test("as a page, though it says 200", async () => {
    const { upstream, verdict } = bench();
    upstream.starts(200, { "content-type": "text/html" });
    upstream.says("<html>");
    upstream.ends();
    expect(await refusal(verdict)).toMatchObject({ status: 200, isHtml: true });
  });

  test("inside a stream before any content, and can still be given to the client", async () => {
    const { upstream, verdict, exchange, got, sink, calls } = bench();
    upstream.starts(200, sse);
    upstream.says(created + failed);
    expect(await refusal(verdict)).toMatchObject({ phase: "stream", status: 200, code: "usage_limit_reached" });
    expect(calls).toEqual(["pause"]);
    exchange.commitRefusal();
    exchange.attach(sink);
    upstream.ends();
    expect(got).toEqual([created + failed, "<end>"]);
  });

  test("not when it fails after it has said something", async () => {
    const { upstream, verdict } = bench();
    upstream.starts(200, sse);
    upstream.says(delta + failed);
    expect(await verdict).toEqual({ kind: "committed" });
  });

  test("when its stream ends or breaks before it has said anything", async () => {
    for (const how of ["ends", "breaks"] as const) {
      const { upstream, verdict } = bench();
      upstream.starts(200, sse);
      upstream.says(created);
      upstream[how]();
      expect(await refusal(verdict)).toMatchObject({ phase: "stream", status: null });
    }
  });
});

test("a stream that ends inside the first event that would say something has said nothing", async () => {
  const { upstream, verdict } = bench();
  upstream.starts(200, sse);
  upstream.says(created);
  upstream.says(delta.slice(0, 40));
  upstream.ends();
  expect(await refusal(verdict)).toMatchObject({ phase: "stream", status: null });
});

describe("no answer", () => {
  test("is no connection when it fails before the first byte", async () => {
    const { upstream, verdict } = bench();
    upstream.breaks("ECONNREFUSED");
    expect(await refusal(verdict)).toMatchObject({
      phase: "connect",
      status: null,
      message: "The upstream could not be reached (ECONNREFUSED).",
    });
  });

  test("in time ends the wait and closes the connection", async () => {
    const { clock, verdict, calls, upstream } = bench(120 * SECOND);
    clock.advance(120 * SECOND);
    expect(await refusal(verdict)).toMatchObject({ phase: "wait", status: null });
    expect(calls).toEqual(["abort"]);
    upstream.starts(200, sse);
    upstream.says(delta);
  });

  test("counts until the first byte, not until the headers", async () => {
    const { clock, verdict, upstream } = bench(120 * SECOND);
    upstream.starts(200, sse);
    clock.advance(120 * SECOND);
    expect(await refusal(verdict)).toMatchObject({ phase: "wait" });
  });

  test("is waited for without end where there is no limit", async () => {
    const { clock, verdict } = bench(0);
    clock.advance(3600 * SECOND);
    expect(await isJudged(verdict)).toBe(false);
    expect(clock.pending).toBe(0);
  });

  test("comes from a dispatcher that throws", async () => {
    const exchange = new Exchange({ clock: new VirtualClock(), firstByteTimeoutMs: 1, holdsFirstEvents: true });
    const dispatcher = {
      dispatch() {
        throw new Error("invalid header");
      },
    } as unknown as Dispatcher;
    const verdict = exchange.send({
      dispatcher,
      origin: "https://x",
      path: "/",
      method: "GET",
      headers: [],
      body: null,
    });
    expect(await refusal(verdict)).toMatchObject({ phase: "connect", message: "invalid header" });
  });
});

describe("aborting", () => {
  test("closes the connection, leaves no timer, and nothing more is handed on", async () => {
    const { upstream, verdict, exchange, got, sink, calls, clock } = bench();
    upstream.starts(200, sse);
    upstream.says(delta);
    await verdict;
    exchange.attach(sink);
    exchange.abort();
    upstream.says(completed);
    upstream.ends();
    expect(got).toEqual([delta]);
    expect(calls).toContain("abort");
    expect(clock.pending).toBe(0);
  });

  test("settles what was not judged yet", async () => {
    const { exchange, verdict, clock } = bench();
    exchange.abort();
    expect(await refusal(verdict)).toMatchObject({ phase: "connect" });
    expect(clock.pending).toBe(0);
  });
});
