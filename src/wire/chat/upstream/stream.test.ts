import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asObject } from "../../../kit/json-value.ts";
import type { InternalEvent, InternalRequest } from "../../internal.ts";
import { grammarComplaints } from "../../testing.ts";
import { chatAnswer } from "./reply.ts";
import { unpackReasoning } from "./reasoning-pack.ts";
import { ChatReader } from "./stream.ts";

const terms = { request: { model: "m", input: [] } as InternalRequest, answerId: "a1", now: 1_000_000 };

function read(chunks: readonly unknown[], request: InternalRequest = terms.request): InternalEvent[] {
  const reader = new ChatReader({ ...terms, request });
  const events = chunks.flatMap((chunk) =>
    reader.read(null, typeof chunk === "string" ? chunk : JSON.stringify(chunk)),
  );
  return [...events, ...reader.end()];
}

const delta = (fields: object, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta: fields, finish_reason }],
});
const call = (index: number, fields: object) => delta({ tool_calls: [{ index, ...fields }] });
const finish = (reason: string) => delta({}, reason);
const last = (events: readonly InternalEvent[]) => events.at(-1);
const output = (events: readonly InternalEvent[]) => asObject(last(events)?.["response"])?.["output"];

describe("a stream of chunks becomes", () => {
  test("one message with its text, and the usage that comes behind the finish", () => {
    const usage = {
      prompt_tokens: 10,
      completion_tokens: 4,
      prompt_tokens_details: { cached_tokens: 8 },
      completion_tokens_details: { reasoning_tokens: 1 },
    };
    const events = read([
      delta({ role: "assistant", content: "" }),
      delta({ content: "Hel" }),
      delta({ content: "lo" }),
      finish("stop"),
      { choices: [], usage },
      "[DONE]",
    ]);
    expect(grammarComplaints(events)).toEqual([]);
    expect(output(events)).toMatchObject([{ type: "message", content: [{ type: "output_text", text: "Hello" }] }]);
    expect(last(events)).toMatchObject({
      type: "response.completed",
      response: {
        usage: {
          input_tokens: 10,
          input_tokens_details: { cached_tokens: 8 },
          output_tokens: 4,
          output_tokens_details: { reasoning_tokens: 1 },
          total_tokens: 14,
        },
      },
    });
  });

  test.each(["reasoning_content", "reasoning"])("reasoning, where the server calls it %s", (name) => {
    const events = read([
      delta({ [name]: "Hm. " }),
      delta({ [name]: "Yes." }),
      delta({ content: "Hi" }),
      finish("stop"),
    ]);
    expect(grammarComplaints(events)).toEqual([]);
    expect(output(events)).toMatchObject([{ type: "reasoning", summary: [{ text: "Hm. Yes." }] }, { type: "message" }]);
  });

  test("calls that are written side by side, each whole", () => {
    const events = read([
      call(0, { id: "c0", function: { name: "a", arguments: "" } }),
      call(1, { id: "c1", function: { name: "b", arguments: '{"y"' } }),
      call(0, { function: { arguments: '{"x":1}' } }),
      call(1, { function: { arguments: ":2}" } }),
      finish("tool_calls"),
    ]);
    expect(grammarComplaints(events)).toEqual([]);
    const calls = output(events) as { call_id: string; name: string; arguments: string }[];
    expect(new Set(calls.map(({ call_id, name, arguments: json }) => `${call_id} ${name} ${json}`))).toEqual(
      new Set(['c0 a {"x":1}', 'c1 b {"y":2}']),
    );
  });

  test("a call whose name comes late or in pieces, and one without arguments", () => {
    const events = read([
      call(0, { id: "c0" }),
      call(0, { function: { name: "get_" } }),
      call(0, { function: { name: "it" } }),
      call(0, { function: { arguments: "{}" } }),
      call(1, { id: "c1", function: { name: "now" } }),
      finish("tool_calls"),
    ]);
    expect(grammarComplaints(events)).toEqual([]);
    expect(output(events)).toMatchObject([
      { call_id: "c0", name: "get_it", arguments: "{}" },
      { call_id: "c1", name: "now", arguments: "{}" },
    ]);
  });

  test("a call with an id made for it where the server gives none", () => {
    const chunks = [call(0, { function: { name: "a", arguments: "{}" } }), finish("tool_calls")];
    expect(output(read(chunks))).toMatchObject([{ call_id: "call_a1_0" }]);
    expect(read(chunks)).toEqual(read(chunks));
  });

  test("calls that a server counts alike, told apart by their ids", () => {
    const events = read([
      call(0, { id: "c0", function: { name: "f", arguments: "{}" } }),
      call(0, { id: "c1", function: { name: "f", arguments: '{"x"' } }),
      call(0, { function: { arguments: ":1}" } }),
      finish("tool_calls"),
    ]);
    expect(grammarComplaints(events)).toEqual([]);
    expect(output(events)).toMatchObject([
      { call_id: "c0", arguments: "{}" },
      { call_id: "c1", arguments: '{"x":1}' },
    ]);
  });

  test("one call, where a server says its id and name with every piece", () => {
    const piece = (json: string) => call(0, { id: "c0", function: { name: "f", arguments: json } });
    const events = read([piece(""), piece('{"x"'), piece(":1}"), finish("tool_calls")]);
    expect(output(events)).toMatchObject([{ call_id: "c0", name: "f", arguments: '{"x":1}' }]);
  });

  test("a call whose arguments are an object", () => {
    const events = read([call(0, { id: "c0", function: { name: "f", arguments: { x: 1 } } }), finish("tool_calls")]);
    expect(output(events)).toMatchObject([{ arguments: '{"x":1}' }]);
  });

  test("a refusal, apart from what was said before it", () => {
    const events = read([delta({ content: "Well." }), delta({ content: null, refusal: "No." }), finish("stop")]);
    expect(grammarComplaints(events)).toEqual([]);
    expect(output(events)).toMatchObject([
      { content: [{ type: "output_text", text: "Well." }] },
      { content: [{ type: "refusal", refusal: "No." }] },
    ]);
  });

  test("text and thinking out of lists", () => {
    const thinking = { type: "thinking", thinking: [{ type: "text", text: "Hm." }] };
    const events = read([
      delta({ content: [thinking] }),
      delta({ content: [{ type: "text", text: "Hi" }] }),
      finish("stop"),
    ]);
    expect(grammarComplaints(events)).toEqual([]);
    expect(output(events)).toMatchObject([{ summary: [{ text: "Hm." }] }, { content: [{ text: "Hi" }] }]);
  });

  test.each([
    ["reasoning_content", { reasoning_content: "Hm.\n", reasoning: "Hm.\n" }],
    ["reasoning", { reasoning_content: "", reasoning: "Hm.\n" }],
  ])("reasoning that remembers its field: %s", (field, told) => {
    const events = read([
      delta(told),
      call(0, { id: "c", function: { name: "f", arguments: "{}" } }),
      finish("tool_calls"),
    ]);
    expect(grammarComplaints(events)).toEqual([]);
    const [reasoning] = output(events) as { summary: object[]; encrypted_content: string }[];
    expect(reasoning?.summary).toMatchObject([{ text: "Hm.\n" }]);
    expect(unpackReasoning(reasoning?.encrypted_content)).toEqual({ field, text: "Hm.\n" });
  });

  test("the call of a tool of free text, out of its JSON", () => {
    const request = { model: "m", input: [], tools: [{ type: "custom", name: "patch" }] };
    const events = read(
      [call(0, { id: "c", function: { name: "patch", arguments: '{"input":"*** Begin"}' } }), finish("tool_calls")],
      request,
    );
    expect(grammarComplaints(events)).toEqual([]);
    expect(output(events)).toMatchObject([{ type: "custom_tool_call", name: "patch", input: "*** Begin" }]);
  });

  test("the search of tools that a client runs, with what it looks for", () => {
    const tools = [{ type: "tool_search", execution: "client", parameters: { type: "object" } }];
    const request = { input: [], tools };
    const search = call(0, { id: "c", function: { name: "tool_search", arguments: '{"query":"mail"}' } });
    const events = read([search, finish("tool_calls")], request);
    expect(grammarComplaints(events)).toEqual([]);
    expect(output(events)).toMatchObject([
      {
        type: "tool_search_call",
        call_id: "c",
        execution: "client",
        status: "completed",
        arguments: { query: "mail" },
      },
    ]);
  });

  test("items in the order in which they began, whichever ended first", () => {
    const begun = call(0, { id: "c", function: { name: "f", arguments: "{" } });
    const events = read([
      begun,
      delta({ content: "I look." }),
      call(0, { function: { arguments: "}" } }),
      finish("tool_calls"),
    ]);
    expect(grammarComplaints(events)).toEqual([]);
    expect(output(events)).toMatchObject([{ type: "function_call" }, { type: "message" }]);
  });

  test("the call of a tool of a namespace, with both its names", () => {
    const tools = [{ type: "namespace", name: "files", tools: [{ type: "function", name: "read" }] }];
    const events = read(
      [call(0, { id: "c", function: { name: "files__read", arguments: "{}" } }), finish("tool_calls")],
      {
        input: [],
        tools,
      },
    );
    expect(output(events)).toMatchObject([{ name: "read", namespace: "files" }]);
  });
});

describe("the end of a stream", () => {
  test.each([
    ["stop", "response.completed", null],
    ["tool_calls", "response.completed", null],
    ["length", "response.incomplete", { reason: "max_output_tokens" }],
    ["content_filter", "response.incomplete", { reason: "content_filter" }],
    ["error", "response.failed", null],
    ["insufficient_system_resource", "response.failed", null],
  ])("%s is %s", (reason, type, incomplete_details) => {
    const events = read([delta({ content: "x" }), finish(reason)]);
    expect(last(events)).toMatchObject({ type, response: { incomplete_details } });
  });

  test("is not told when the server did not tell it", () => {
    expect(last(read([delta({ content: "x" })]))?.type).toBe("response.output_text.delta");
    expect(last(read([delta({ content: "x" }), "[DONE]"]))?.type).toBe("response.output_text.delta");
  });

  test("is told without [DONE]", () => {
    expect(last(read([delta({ content: "x" }), finish("stop")]))?.type).toBe("response.completed");
  });

  test("is a failure where the server says so, with its code", () => {
    const events = read([delta({ content: "x" }), { error: { message: "busy", code: "rate_limit_exceeded" } }]);
    expect(last(events)).toMatchObject({
      type: "response.failed",
      response: { error: { code: "rate_limit_exceeded", message: "busy" } },
    });
  });

  test("is a failure where an event is named so, and none where every chunk says that there is none", () => {
    const reader = new ChatReader(terms);
    expect(reader.read("error", '{"message":"busy"}').at(-1)).toMatchObject({
      type: "response.failed",
      response: { error: { message: "busy" } },
    });
    expect(last(read([{ ...delta({ content: "x" }), error: null }, finish("stop")]))?.type).toBe("response.completed");
  });

  test("has nothing behind it", () => {
    const failed = [{ error: { message: "busy" } }, delta({ content: "x" }), finish("stop"), "[DONE]"];
    const completed = [delta({ content: "x" }), finish("stop"), "[DONE]", delta({ content: "y" }), "[DONE]"];
    for (const chunks of [failed, completed]) expect(grammarComplaints(read(chunks))).toEqual([]);
  });

  test("is a failure, when a whole answer is empty", () => {
    expect(chatAnswer({ choices: [] }, terms)).toMatchObject({ status: "failed", output: [] });
  });

  test("takes in what is said behind the finish", () => {
    const events = read([delta({ content: "a" }), finish("stop"), delta({ content: "b" }), "[DONE]"]);
    expect(grammarComplaints(events)).toEqual([]);
    expect(output(events)).toMatchObject([{ content: [{ text: "ab" }] }]);
  });

  test("passes over what is no JSON", () => {
    expect(last(read(["{", "", delta({ content: "a" }), finish("stop")]))?.type).toBe("response.completed");
  });
});

const text = fc.string({ maxLength: 8 });
const chunk = fc.oneof(
  text.map((content) => delta({ content })),
  text.map((reasoning_content) => delta({ reasoning_content })),
  fc.record({ index: fc.nat(2), json: text }).map(({ index, json }) => {
    return call(index, { id: `c${index}`, function: { name: index === 0 ? "a" : undefined, arguments: json } });
  }),
);

test("any chunks make a well-formed stream, whose whole is the answer as one object", () => {
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 20 }), (chunks) => {
      const events = read([...chunks, finish("stop")]);
      expect(grammarComplaints(events)).toEqual([]);
    }),
  );
  fc.assert(
    fc.property(text, text, (content, reasoning_content) => {
      const streamed = read([delta({ reasoning_content }), delta({ content }), finish("stop")]);
      const message = { role: "assistant", content, reasoning_content };
      expect(chatAnswer({ choices: [{ message, finish_reason: "stop" }] }, terms).output).toEqual(output(streamed));
    }),
  );
});

test("an answer reads alike whole and in pieces, however its text is cut and its calls are woven together", () => {
  const said = fc.string({ minLength: 1, maxLength: 6 });
  const calls = fc.array(
    fc.object({ maxDepth: 1 }).map((value) => JSON.stringify(value)),
    { maxLength: 3 },
  );
  fc.assert(
    fc.property(
      fc.array(said),
      fc.array(said),
      calls,
      fc.infiniteStream(fc.nat(2)),
      (thoughts, words, jsons, turns) => {
        const named = jsons.map((json, index) => ({
          index,
          id: `c${index}`,
          function: { name: "f", arguments: json },
        }));
        const beginnings = jsons.map((json, index) =>
          call(index, { id: `c${index}`, function: { name: "f", arguments: json[0] } }),
        );
        const rests = jsons.map((json) => json.slice(1).split(""));
        const woven: object[] = [];
        while (rests.some((rest) => rest.length > 0)) {
          const turn = turns.next().value as number;
          const index = (rests[turn]?.length ?? 0) > 0 ? turn : rests.findIndex((rest) => rest.length > 0);
          woven.push(call(index, { function: { arguments: rests[index]?.shift() } }));
        }
        const events = read([
          ...thoughts.map((reasoning_content) => delta({ reasoning_content })),
          ...words.map((content) => delta({ content })),
          ...beginnings,
          ...woven,
          finish("stop"),
        ]);
        expect(grammarComplaints(events)).toEqual([]);
        const message = { content: words.join(""), reasoning_content: thoughts.join(""), tool_calls: named };
        expect(chatAnswer({ choices: [{ message, finish_reason: "stop" }] }, terms).output).toEqual(output(events));
      },
    ),
  );
});
