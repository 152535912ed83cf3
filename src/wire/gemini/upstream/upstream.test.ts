import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asObject, type JsonObject } from "../../../kit/json-value.ts";
import type { InternalEvent, InternalRequest, Item } from "../../internal.ts";
import { grammarComplaints } from "../../testing.ts";
import { FaultyRequest } from "../../translation.ts";
import { geminiAnswer } from "./reply.ts";
import { geminiRequest } from "./request.ts";
import { packSignature, unpackSignature } from "./signature-pack.ts";
import { GeminiReader } from "./stream.ts";

const terms = { request: { model: "m", input: [] } as InternalRequest, answerId: "a1", now: 1_000_000 };

function read(pieces: readonly object[]): InternalEvent[] {
  const reader = new GeminiReader(terms);
  return [...pieces.flatMap((piece) => reader.read(null, JSON.stringify(piece))), ...reader.end()];
}

const piece = (parts: readonly object[], more: object = {}) => ({ candidates: [{ content: { parts }, ...more }] });
const finish = (finishReason: string) => piece([], { finishReason });
const last = (events: readonly InternalEvent[]) => events.at(-1);
const output = (events: readonly InternalEvent[]) => asObject(last(events)?.["response"])?.["output"] as JsonObject[];

describe("a stream of pieces becomes", () => {
  test("one message, with thinking counted as part of the output", () => {
    const usageMetadata = {
      promptTokenCount: 10,
      cachedContentTokenCount: 4,
      candidatesTokenCount: 3,
      thoughtsTokenCount: 2,
    };
    const events = read([
      piece([{ text: "Hel" }]),
      { ...piece([{ text: "lo" }], { finishReason: "STOP" }), usageMetadata },
    ]);
    expect(grammarComplaints(events)).toEqual([]);
    expect(output(events)).toMatchObject([{ content: [{ text: "Hello" }] }]);
    expect(last(events)).toMatchObject({
      type: "response.completed",
      response: {
        usage: {
          input_tokens: 10,
          input_tokens_details: { cached_tokens: 4 },
          output_tokens: 5,
          output_tokens_details: { reasoning_tokens: 2 },
        },
      },
    });
  });

  test("thinking, calls and the signature that ties them", () => {
    const events = read([
      piece([{ text: "Hm.", thought: true }]),
      piece([
        { functionCall: { name: "f", args: { x: 1 } }, thoughtSignature: "sig" },
        { functionCall: { name: "g" } },
      ]),
      finish("STOP"),
    ]);
    expect(grammarComplaints(events)).toEqual([]);
    expect(output(events)).toMatchObject([
      { type: "reasoning", summary: [{ text: "Hm." }] },
      { type: "function_call", name: "f", call_id: "call_a1_0", arguments: '{"x":1}' },
      { type: "function_call", name: "g", arguments: "{}" },
    ]);
    expect(unpackSignature(output(events)[0]?.["encrypted_content"])).toEqual({ on: "next", signature: "sig" });
  });

  test("a text with the signature that comes behind it", () => {
    const events = read([
      piece([{ text: "Hel" }]),
      piece([{ text: "lo" }]),
      piece([{ text: "", thoughtSignature: "sig" }]),
      finish("STOP"),
    ]);
    expect(grammarComplaints(events)).toEqual([]);
    expect(output(events)).toMatchObject([{ content: [{ text: "Hello" }] }, { type: "reasoning", summary: [] }]);
    expect(unpackSignature(output(events)[1]?.["encrypted_content"])).toEqual({ on: "text", signature: "sig" });
  });

  test("a thought with its own signature", () => {
    const events = read([
      piece([{ text: "Hm.", thought: true }]),
      piece([{ text: "", thought: true, thoughtSignature: "sig" }]),
      finish("STOP"),
    ]);
    expect(output(events)).toMatchObject([{ type: "reasoning", summary: [{ text: "Hm." }] }]);
    expect(unpackSignature(output(events)[0]?.["encrypted_content"])).toEqual({ on: "thought", signature: "sig" });
  });

  test("what the model searched for", () => {
    const groundingMetadata = { webSearchQueries: ["rust", "rust 2"] };
    const events = read([piece([{ text: "Found." }], { groundingMetadata }), finish("STOP")]);
    expect(grammarComplaints(events)).toEqual([]);
    expect(output(events)).toMatchObject([
      { type: "message" },
      { type: "web_search_call", action: { type: "search", query: "rust", queries: ["rust", "rust 2"] } },
    ]);
  });

  test("calls of tools of free text and of namespaces, in the words of whoever offered them", () => {
    const tools = [
      { type: "custom", name: "patch" },
      { type: "namespace", name: "files", tools: [{ type: "function", name: "read" }] },
    ];
    const calls = [
      { functionCall: { id: "x", name: "patch", args: { input: "*** Begin" } } },
      { functionCall: { name: "files__read", args: {} } },
    ];
    const answer = geminiAnswer(piece(calls), { ...terms, request: { input: [], tools } });
    expect(answer).toMatchObject({
      status: "completed",
      output: [
        { type: "custom_tool_call", call_id: "x", name: "patch", input: "*** Begin" },
        { type: "function_call", call_id: "call_a1_1", namespace: "files", name: "read" },
      ],
    });
  });

  test("pictures", () => {
    const events = read([piece([{ inlineData: { mimeType: "image/png", data: "AA" } }]), finish("STOP")]);
    expect(grammarComplaints(events)).toEqual([]);
    expect(output(events)).toMatchObject([{ type: "image_generation_call", output_format: "png", result: "AA" }]);
  });

  test("a failure, where the answer is of a kind that cannot be passed on", () => {
    const events = read([piece([{ inlineData: { mimeType: "audio/wav", data: "AA" } }]), finish("STOP")]);
    expect(grammarComplaints(events)).toEqual([]);
    expect(last(events)?.type).toBe("response.failed");
  });

  test.each([
    ["STOP", "response.completed"],
    ["MAX_TOKENS", "response.incomplete"],
    ["SAFETY", "response.incomplete"],
    ["MALFORMED_FUNCTION_CALL", "response.failed"],
  ])("an end: %s is %s", (reason, type) => {
    expect(last(read([piece([{ text: "x" }]), finish(reason)]))?.type).toBe(type);
  });

  test("no end as long as none is named", () => {
    expect(last(read([finish("FINISH_REASON_UNSPECIFIED")]))?.type).toBe("response.in_progress");
  });

  test("nothing behind a failure", () => {
    const events = read([
      piece([{ text: "x" }]),
      { error: { status: "INTERNAL", message: "no" } },
      piece([{ text: "y" }]),
      finish("STOP"),
    ]);
    expect(grammarComplaints(events)).toEqual([]);
  });

  test("the same, where every piece says that there is no error", () => {
    const events = read([{ ...piece([{ text: "x" }], { finishReason: "STOP" }), error: null }]);
    expect(last(events)?.type).toBe("response.completed");
  });

  test("a failure, when a whole answer is empty", () => {
    expect(geminiAnswer({}, terms)).toMatchObject({ status: "failed", output: [] });
  });

  test("nothing that looks complete when the server did not end it", () => {
    expect(last(read([piece([{ text: "x" }])]))?.type).toBe("response.output_text.delta");
  });

  test("a failure, and a prompt that was blocked", () => {
    expect(last(read([{ error: { code: 503, status: "UNAVAILABLE", message: "busy" } }]))).toMatchObject({
      type: "response.failed",
      response: { error: { code: "server_is_overloaded", message: "busy" } },
    });
    expect(last(read([{ promptFeedback: { blockReason: "SAFETY" } }]))).toMatchObject({ type: "response.incomplete" });
  });
});

test("any pieces make a well-formed stream, the same as in one object", () => {
  const part = fc.oneof(
    fc.string({ minLength: 1 }).map((text) => ({ text })),
    fc.string({ minLength: 1 }).map((text) => ({ text, thoughtSignature: "s" })),
    fc.string().map((text) => ({ text, thought: true })),
    fc.string().map((text) => ({ text, thought: true, thoughtSignature: "s" })),
    fc.record({ functionCall: fc.record({ name: fc.constant("f"), args: fc.object({ maxDepth: 1 }) }) }),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const events = read([...parts.map((each) => piece([each])), finish("STOP")]);
      expect(grammarComplaints(events)).toEqual([]);
      expect(geminiAnswer(piece(parts, { finishReason: "STOP" }), terms).output).toEqual(output(events));
    }),
  );
});

describe("a request", () => {
  const body = (request: Partial<InternalRequest>) => geminiRequest({ model: "m", input: [], ...request }).body;
  const user = (text: string): Item => ({ type: "message", role: "user", content: [{ type: "input_text", text }] });

  test("has its conversation on two sides, with names for what functions answer", () => {
    const request = body({
      instructions: "You help.",
      input: [
        user("go"),
        { type: "reasoning", summary: [], encrypted_content: packSignature({ on: "next", signature: "sig" }) },
        { type: "function_call", call_id: "c1", name: "f", arguments: '{"x":1}' },
        { type: "function_call", call_id: "c2", name: "g", arguments: "{}" },
        { type: "function_call_output", call_id: "c1", output: "one" },
        {
          type: "function_call_output",
          call_id: "c2",
          output: [{ type: "input_image", image_url: "data:image/png;base64,AA" }],
        },
      ],
    });
    expect(request).toEqual({
      systemInstruction: { parts: [{ text: "You help." }] },
      contents: [
        { role: "user", parts: [{ text: "go" }] },
        {
          role: "model",
          parts: [
            { functionCall: { id: "c1", name: "f", args: { x: 1 } }, thoughtSignature: "sig" },
            { functionCall: { id: "c2", name: "g", args: {} } },
          ],
        },
        {
          role: "user",
          parts: [
            { functionResponse: { id: "c1", name: "f", response: { output: "one" } } },
            { functionResponse: { id: "c2", name: "g", response: { output: "" } } },
            { inlineData: { mimeType: "image/png", data: "AA" } },
          ],
        },
      ],
    });
  });

  test("says how to think, how to answer and what to call", () => {
    const schema = { type: "object" };
    expect(
      body({
        tools: [{ type: "function", name: "f", parameters: schema }],
        tool_choice: { type: "function", name: "f" },
        reasoning: { effort: "xhigh", summary: "auto" },
        text: { format: { type: "json_schema", schema } },
        max_output_tokens: 5,
      }),
    ).toMatchObject({
      tools: [{ functionDeclarations: [{ name: "f", parametersJsonSchema: schema }] }],
      toolConfig: { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["f"] } },
      generationConfig: {
        thinkingConfig: { thinkingLevel: "HIGH", includeThoughts: true },
        responseMimeType: "application/json",
        responseJsonSchema: schema,
        maxOutputTokens: 5,
      },
    });
  });

  test("goes to its model's own path", () => {
    expect(geminiRequest({ model: "a/b", input: [] }).path).toBe("/v1beta/models/a%2Fb:streamGenerateContent?alt=sse");
  });

  test.each([
    ["a compaction", { input: [{ type: "compaction_trigger" }] }],
    ["a tool of another upstream", { tools: [{ type: "file_search" }] }],
  ] as const)("is refused with %s", (_what, request) => {
    expect(() => body(request)).toThrow(FaultyRequest);
  });
});
