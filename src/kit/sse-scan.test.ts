import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type SseSink, SseScanner } from "./sse-scan.ts";

const stream = [
  'event: response.created\ndata: {"type":"response.created","response":{"model":"gpt-test"}}\n\n',
  ": a comment of its own\n\n",
  'event: response.output_text.delta\r\ndata: {"delta":"Grüße 🎈 an alle, die das hier in Stücken lesen müssen, Byte für Byte"}\r\n\r\n',
  "id: 7\r\nevent: mixed\ndata: one\r\ndata: two\n\r\n",
  "\n",
  `event: large\ndata: ${"x".repeat(300)}\n\n`,
  'data:{"type":"response.completed"}\n\n',
].join("");
const unfinished = `${stream}event: last\ndata: without a blank line`;

class Collector implements SseSink {
  readonly events: string[] = [];
  readonly heads: string[] = [];
  readonly #isWanted: (head: string) => boolean;

  constructor(isWanted: (head: string) => boolean = () => true) {
    this.#isWanted = isWanted;
  }

  wants(bytes: Buffer, start: number, end: number): boolean {
    this.heads.push(bytes.toString("utf8", start, end));
    return this.#isWanted(this.heads.at(-1) ?? "");
  }

  event(bytes: Buffer, start: number, end: number): void {
    this.events.push(bytes.toString("utf8", start, end));
  }
}

function scan(chunks: readonly Buffer[], sink = new Collector()): Collector {
  const scanner = new SseScanner(sink);
  for (const chunk of chunks) scanner.push(chunk);
  scanner.end();
  return sink;
}

/** Cuts bytes at the given places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places, bytes.length].sort((left, right) => left - right);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

describe("events in a stream", () => {
  const bytes = Buffer.from(unfinished);
  const whole = scan([bytes]).events;

  test("end with a blank line, whatever ends the lines; the last may lack it", () => {
    expect(whole).toHaveLength(8);
    expect(whole.join("")).toBe(unfinished);
    expect(whole[3]).toBe("id: 7\r\nevent: mixed\ndata: one\r\ndata: two\n\r\n");
    expect(whole[7]).toBe("event: last\ndata: without a blank line");
  });

  test("are the same however the stream is cut in two", () => {
    for (let place = 0; place <= bytes.length; place += 1) expect(scan(cut(bytes, [place])).events).toEqual(whole);
  });

  test("are the same byte by byte", () => {
    expect(scan(Array.from(bytes, (byte) => Buffer.from([byte]))).events).toEqual(whole);
  });

  test("are the same for any stream in any pieces", () => {
    const piece = fc.constantFrom(
      "\n",
      "\r\n",
      "\r",
      "\n\n",
      "data: x",
      ": c",
      "event: é🎈",
      " ",
      `data: ${"y".repeat(120)}`,
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.array(fc.nat(400), { maxLength: 12 }), (pieces, places) => {
        const text = Buffer.from(pieces.join(""));
        const chunks = cut(
          text,
          places.map((place) => Math.min(place, text.length)),
        );
        expect(scan(chunks).events).toEqual(scan([text]).events);
      }),
      { numRuns: 500 },
    );
  });

  test("none come from an empty stream", () => {
    expect(scan([Buffer.alloc(0)]).events).toEqual([]);
  });
});

describe("a split event", () => {
  const large = Buffer.from(`event: large\ndata: ${"x".repeat(4 * 1024 * 1024)}\n\n`);
  const chunks = Array.from({ length: Math.ceil(large.length / 16_384) }, (_, index) =>
    large.subarray(index * 16_384, (index + 1) * 16_384),
  );

  test("is collected whole, megabytes of it", () => {
    const sink = scan(chunks);
    expect(sink.events).toEqual([large.toString()]);
    expect(sink.heads).toHaveLength(1);
  });

  test("is passed over when nobody wants it, and the next one is told again", () => {
    const sink = scan([...chunks, Buffer.from("event: next\n\n")], new Collector((head) => !head.includes("large")));
    expect(sink.events).toEqual(["event: next\n\n"]);
  });

  test("is asked about once, with enough of it to tell what it is", () => {
    const sink = scan(Array.from(large.subarray(0, 400), (byte) => Buffer.from([byte])));
    expect(sink.heads).toHaveLength(1);
    expect(sink.heads[0]?.length).toBeGreaterThanOrEqual(96);
  });
});

test("a boundary is where the bytes so far end between two events", () => {
  const bytes = Buffer.from(stream);
  const boundaries = new Set([0]);
  let sum = 0;
  for (const event of scan([bytes]).events) boundaries.add((sum += Buffer.byteLength(event)));
  const scanner = new SseScanner(new Collector());
  expect(scanner.isAtBoundary).toBe(true);
  for (let place = 0; place < bytes.length; place += 1) {
    scanner.push(bytes.subarray(place, place + 1));
    expect(scanner.isAtBoundary).toBe(boundaries.has(place + 1));
  }
});
