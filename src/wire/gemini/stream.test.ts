import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { unpackSeal } from "../reasoning-seal.ts";
import type { InternalEvent, Item } from "../internal.ts";
import { chunksOf, HELLO, OWNER, partsOf, terms, translated } from "./testing.ts";

const SEEING = { ...HELLO, generationConfig: { thinkingConfig: { includeThoughts: true } } };

function textOf(events: readonly InternalEvent[], body: object = HELLO): string {
  const writer = translated(body).stream(terms);
  return events.map((event) => writer.write(event)).join("");
}

const stream = (events: readonly InternalEvent[], body?: object) => chunksOf(textOf(events, body));
const message = (text: string): Item => ({ type: "message", id: "msg_1", content: [{ type: "output_text", text }] });
const delta = (text: string): InternalEvent => ({
  type: "response.output_text.delta",
  item_id: "msg_1",
  output_index: 0,
  delta: text,
});
const done = (item: Item, output_index = 0): InternalEvent => ({
  type: "response.output_item.done",
  output_index,
  item,
});
const completed = (response: object = {}): InternalEvent => ({
  type: "response.completed",
  response: { id: "resp_1", output: [], ...response },
});
const incomplete = (reason: string): InternalEvent => ({
  ...completed({ status: "incomplete", incomplete_details: { reason } }),
  type: "response.incomplete",
});

describe("a recorded answer", () => {
  test("is told as pieces of text, with the reason of its end and its cost in the last", () => {
    const chunks = stream(recorded("text"));
    expect(
      partsOf(chunks)
        .map(({ text }) => text)
        .join(""),
    ).toBe("It is sunny ✓ today.");
    expect(chunks.at(-1)).toMatchObject({
      candidates: [{ finishReason: "STOP" }],
      usageMetadata: { totalTokenCount: expect.any(Number) as number },
    });
    for (const chunk of chunks.slice(0, -1)) expect(chunk.candidates[0]).not.toHaveProperty("finishReason");
    for (const chunk of chunks)
      expect(chunk).toMatchObject({ modelVersion: "gpt-5.5", responseId: expect.stringMatching(/^demo/) as string });
  });

  test("seals its thinking on the first part that follows, and shows thoughts to those who ask", () => {
    const [first, ...others] = partsOf(stream(recorded("parallel-calls")));
    expect(first).toMatchObject({ functionCall: { id: "call_demo2_1", name: "get_weather", args: { city: "Bern" } } });
    expect(unpackSeal(first?.["thoughtSignature"])?.owner).toBe(OWNER);
    expect(others).toEqual([{ functionCall: { id: "call_demo2_2", name: "get_weather", args: { city: "Rome" } } }]);
    const [thought] = partsOf(stream(recorded("parallel-calls"), SEEING));
    expect(thought).toEqual({ thought: true, text: expect.stringMatching(/^\*\*Considering/) as string });
  });

  test("comes back as the history it was", () => {
    const parts = partsOf(stream(recorded("parallel-calls"), SEEING));
    const responses = ["Bern", "Rome"].map((output) => ({
      functionResponse: { name: "get_weather", response: { output } },
    }));
    const contents = [...HELLO.contents, { role: "model", parts }, { role: "user", parts: responses }];
    const { request, sealOwner } = translated({ contents });
    expect(sealOwner).toBe(OWNER);
    expect(request.input.map((item) => item["type"])).toEqual([
      "message",
      "reasoning",
      "function_call",
      "function_call",
      "function_call_output",
      "function_call_output",
    ]);
  });
});

describe("each thing is said once", () => {
  const told = (...events: readonly InternalEvent[]) =>
    partsOf(stream([...events, completed({ output: [message("abc")] })]));

  test.each([
    ["only in the finished output", []],
    ["as deltas", [delta("a"), delta("bc")]],
    ["as deltas and in the finished item", [delta("a"), delta("bc"), done(message("abc"))]],
    ["in part as deltas", [delta("a"), done(message("abc"))]],
    ["as deltas without a place", [{ ...delta("abc"), output_index: undefined }, done(message("abc"))]],
  ])("when it comes %s", (_, events) => {
    expect(
      told(...events)
        .map(({ text }) => text)
        .join(""),
    ).toBe("abc");
  });

  test("even when the finished item contradicts it", () => {
    expect(told(delta("xyz"), done(message("abc")))).toEqual([{ text: "xyz" }]);
  });
});

describe("the reason of the end", () => {
  const reason = (...events: readonly InternalEvent[]) => stream(events).at(-1)?.candidates[0]?.finishReason;
  const refusal = { type: "message", content: [{ type: "refusal", refusal: "no" }] };
  const broken = { type: "function_call", call_id: "c", name: "f", arguments: '{"a":' };

  test("is told", () => {
    expect(reason(delta("a"), completed())).toBe("STOP");
    expect(reason(delta("a"), incomplete("max_output_tokens"))).toBe("MAX_TOKENS");
    expect(reason(delta("a"), incomplete("content_filter"))).toBe("SAFETY");
    expect(reason(delta("a"), incomplete("something"))).toBe("OTHER");
    expect(reason(done(refusal), completed())).toBe("SAFETY");
  });

  test("is a call whose arguments are no object; such a call is not told as if it had none", () => {
    expect(reason(done(broken), completed())).toBe("MALFORMED_FUNCTION_CALL");
    expect(reason(done(broken), incomplete("max_output_tokens"))).toBe("MAX_TOKENS");
    expect(partsOf(stream([done(broken), completed()]))).toEqual([]);
  });
});

describe("the form of the stream", () => {
  test("holds no character that JavaScript takes for the end of a line", () => {
    const text = textOf([delta("a\u2028b\u2029c\nd"), completed()]);
    expect(text).not.toMatch(/[\u2028\u2029]/);
    expect(partsOf(chunksOf(text))).toEqual([{ text: "a\u2028b\u2029c\nd" }]);
  });

  test("is that of one object for an answer without anything", () => {
    expect(stream([completed()])).toMatchObject([
      { candidates: [{ content: { role: "model", parts: [] }, finishReason: "STOP" }] },
    ]);
  });
});

describe("an answer whose schema is no object", () => {
  const asking = (responseMimeType: string, responseSchema: object) => ({
    ...HELLO,
    generationConfig: { responseMimeType, responseSchema },
  });
  const list = asking("application/json", { type: "ARRAY", items: { type: "INTEGER" } });

  test("is taken out of the object it was asked for in", () => {
    const events = [delta('{"answer":'), delta("[1, 2]}"), done(message('{"answer":[1, 2]}')), completed()];
    expect(partsOf(stream(events, list))).toEqual([{ text: "[1,2]" }]);
    const word = asking("text/x.enum", { type: "STRING", enum: ["yes", "no"] });
    expect(partsOf(stream([delta('{"answer":"yes"}'), completed()], word))).toEqual([{ text: "yes" }]);
  });

  test("is told as far as it came when it was cut off", () => {
    expect(partsOf(stream([delta('{"answer": [1, '), incomplete("max_output_tokens")], list))).toEqual([
      { text: "[1, " },
    ]);
  });
});

test("a search is told with what was looked for and found", () => {
  const search = { type: "web_search_call", id: "ws_1", action: { type: "search", query: "weather" } };
  const note = { type: "url_citation", url: "https://a.test", title: "A", start_index: 2, end_index: 4 };
  const said = {
    type: "message",
    id: "msg_1",
    content: [{ type: "output_text", text: "ü: ok", annotations: [note, note] }],
  };
  const [last] = stream([done(search), done(said, 1), completed()]).slice(-1);
  const support = { segment: { startIndex: 3, endIndex: 5, text: " o" }, groundingChunkIndices: [0] };
  expect(last?.candidates[0]?.groundingMetadata).toEqual({
    webSearchQueries: ["weather"],
    groundingChunks: [{ web: { uri: "https://a.test", title: "A" } }],
    groundingSupports: [support, support],
  });
});

function recorded(name: string): readonly InternalEvent[] {
  const text = readFileSync(new URL(`fixtures/${name}.jsonl`, import.meta.url), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as InternalEvent);
}
