import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { chunksOf, deltasOf, streamText, terms } from "./testing.ts";

/** Events of the simulated backend, one a line. */
function recorded(name: string): object[] {
  const text = readFileSync(join(import.meta.dirname, "fixtures", `${name}.jsonl`), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as object);
}

const created = { type: "response.created", response: { id: "resp_9", created_at: 1_795_000_007, output: [] } };
const completed = (response: object = {}) => ({
  type: "response.completed",
  response: { status: "completed", ...response },
});
const incomplete = (reason: string) => ({ type: "response.incomplete", response: { incomplete_details: { reason } } });
const said = (delta: string, more: object = {}) => {
  return { type: "response.output_text.delta", item_id: "msg_1", output_index: 0, content_index: 0, delta, ...more };
};
const thought = (delta: string, summary_index: number) => {
  return { type: "response.reasoning_summary_text.delta", item_id: "rs_1", output_index: 0, summary_index, delta };
};
const call = (name: string, more: object = {}) => ({ type: "function_call", name, arguments: "", ...more });
const added = (item: object, output_index: number) => ({ type: "response.output_item.added", output_index, item });
const done = (item: object, output_index: number) => ({ type: "response.output_item.done", output_index, item });
const argument = (delta: string, names: object) => ({
  type: "response.function_call_arguments.delta",
  delta,
  ...names,
});
const finishOf = (events: readonly object[], fields: object = {}) => {
  return chunksOf(events, fields).flatMap(({ choices }) => choices.flatMap((choice) => choice.finish_reason ?? []));
};

describe("a recorded answer", () => {
  test("of text is the role, thoughts, text, an end and one [DONE]", () => {
    const text = streamText(recorded("text"));
    expect(text.match(/data: \[DONE\]\n\n/g)).toHaveLength(1);
    expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
    const [first, ...rest] = chunksOf(recorded("text"));
    expect(first?.choices).toEqual([{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }]);
    expect(rest.map(({ choices }) => choices[0]?.delta)).toEqual([
      { reasoning_content: "**Considering the request**\n\nDeciding what to do next." },
      ...["It ", "is ", "sunny ", "✓ ", "today."].map((content) => ({ content })),
      {},
    ]);
    expect(finishOf(recorded("text"))).toEqual(["stop"]);
  });

  test("of calls side by side counts them in order, each with one id and one name", () => {
    const tools = [{ type: "custom", custom: { name: "run_script" } }];
    const deltas = deltasOf(recorded("parallel-calls"), { tools });
    const city = (index: number, id: string, name: string) => [
      { tool_calls: [{ index, id, type: "function", function: { name: "get_weather", arguments: "" } }] },
      { tool_calls: [{ index, function: { arguments: `{"city":"${name}"}` } }] },
    ];
    expect(deltas.slice(1)).toEqual([
      ...city(0, "call_demo2_1", "Bern"),
      ...city(1, "call_demo2_2", "Rome"),
      { tool_calls: [{ index: 2, id: "call_demo2_3", type: "custom", custom: { name: "run_script", input: "" } }] },
      { tool_calls: [{ index: 2, custom: { input: "print(1)" } }] },
    ]);
    expect(finishOf(recorded("parallel-calls"), { tools })).toEqual(["tool_calls"]);
  });

  test("is the same to the byte whenever it is written", () => {
    expect(streamText(recorded("text"))).toBe(streamText(recorded("text")));
  });
});

describe("every chunk", () => {
  test("has the id and time of the response, and the model that was asked for", () => {
    for (const chunk of chunksOf([created, said("Hi"), completed({ id: "resp_other", model: "gpt-real" })])) {
      expect(chunk).toMatchObject({ id: "chatcmpl-9", created: 1_795_000_007, model: terms.model });
    }
  });

  test("has them too when the answer begins without a word of the response", () => {
    const chunks = chunksOf([said("Hi"), completed({ id: "resp_9" })]);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: "assistant", content: "" });
  });
});

describe("usage", () => {
  const usage = {
    input_tokens: 100,
    output_tokens: 20,
    total_tokens: 120,
    input_tokens_details: { cached_tokens: 80, cache_write_tokens: 0 },
    output_tokens_details: { reasoning_tokens: 5 },
  };
  const events = [created, said("Hi"), completed({ usage })];

  test("stands in a last chunk without choices when it was asked for, and is null in all others", () => {
    const chunks = chunksOf(events, { stream_options: { include_usage: true } });
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: {
        prompt_tokens: 100,
        completion_tokens: 20,
        total_tokens: 120,
        prompt_tokens_details: { cached_tokens: 80, cache_write_tokens: 0, cached_creation_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 5 },
      },
    });
    expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
  });

  test("is not spoken of otherwise", () => {
    expect(streamText(events)).not.toContain("usage");
  });

  test("that the upstream did not count is not made up", () => {
    const chunks = chunksOf([created, completed()], { stream_options: { include_usage: true } });
    expect(chunks.every(({ choices }) => choices.length === 1)).toBe(true);
  });
});

describe("text", () => {
  const item = (text: string) => ({
    type: "message",
    id: "msg_1",
    content: [{ type: "output_text", text, annotations: [] }],
  });

  test("is said once, however often its whole follows", () => {
    const events = [
      created,
      said("Hel"),
      said("lo"),
      { type: "response.output_text.done", item_id: "msg_1", output_index: 0, content_index: 0, text: "Hello" },
      done(item("Hello"), 0),
      completed({ output: [item("Hello")] }),
    ];
    expect(deltasOf(events)).toEqual([{ content: "Hel" }, { content: "lo" }]);
  });

  test("that was only said in part is completed by its whole", () => {
    expect(deltasOf([created, said("Hel"), done(item("Hello"), 0)])).toEqual([{ content: "Hel" }, { content: "lo" }]);
    expect(deltasOf([created, completed({ output: [item("Hello")] })])).toEqual([{ content: "Hello" }]);
  });

  test("that contradicts what was said is not believed", () => {
    expect(deltasOf([created, said("Hel"), done(item("Bye"), 0)])).toEqual([{ content: "Hel" }]);
  });

  test("is known again in the finished output by its rank where it has no id", () => {
    const { id: _id, ...nameless } = item("Hello");
    const events = [created, added({ type: "reasoning" }, 0), said("Hello", { item_id: undefined, output_index: 1 })];
    expect(deltasOf([...events, completed({ output: [nameless] })])).toEqual([{ content: "Hello" }]);
  });

  test("without any name is that of the first message that has one", () => {
    const nameless = { item_id: undefined, output_index: undefined };
    expect(deltasOf([created, said("Hel", nameless), said("lo", nameless), done(item("Hello"), 0)])).toEqual([
      { content: "Hel" },
      { content: "lo" },
    ]);
  });

  test("of a refusal has a field of its own", () => {
    const names = { item_id: "msg_1", output_index: 0, content_index: 0 };
    const refused = { type: "message", id: "msg_1", content: [{ type: "refusal", refusal: "I cannot." }] };
    const events = [{ type: "response.refusal.delta", ...names, delta: "I can" }, done(refused, 0)];
    expect(deltasOf(events)).toEqual([{ refusal: "I can" }, { refusal: "not." }]);
  });

  test("comes with the probabilities that were asked for", () => {
    const events = [
      said("Hi", { logprobs: [{ token: "Hi", logprob: -0.1, top_logprobs: [] }] }),
      said("!", { logprobs: [] }),
    ];
    const told = chunksOf(events, { logprobs: true }).map(({ choices }) => choices[0]?.logprobs);
    expect(told).toEqual([
      undefined,
      { content: [{ token: "Hi", bytes: null, logprob: -0.1, top_logprobs: [] }], refusal: null },
      undefined,
    ]);
    expect(chunksOf(events).every(({ choices }) => choices[0]?.logprobs === undefined)).toBe(true);
  });

  test("that cites is followed by its sources, counted through the whole content", () => {
    const source = { type: "url_citation", url: "https://example.com", title: "Example", start_index: 0, end_index: 2 };
    const cited = {
      type: "message",
      id: "msg_2",
      content: [{ type: "output_text", text: "So.", annotations: [source] }],
    };
    expect(deltasOf([said("Hello"), done(cited, 1), completed({ output: [item("Hello"), cited] })])).toEqual([
      { content: "Hello" },
      { content: "So." },
      {
        annotations: [
          {
            type: "url_citation",
            url_citation: { url: "https://example.com", title: "Example", start_index: 5, end_index: 7 },
          },
        ],
      },
    ]);
  });
});

describe("thoughts", () => {
  test("of different parts stand a blank line apart, and are said once", () => {
    const summary = ["First.", "Second."].map((text) => ({ type: "summary_text", text }));
    const item = { type: "reasoning", id: "rs_1", summary, encrypted_content: "gAAAA" };
    const events = [thought("Fir", 0), thought("st.", 0), thought("Second.", 1), done(item, 0)];
    expect(deltasOf(events)).toEqual([
      { reasoning_content: "Fir" },
      { reasoning_content: "st." },
      { reasoning_content: "\n\nSecond." },
    ]);
  });

  test("are never text of the answer, and their ciphertext is not told", () => {
    const item = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "gAAAA" };
    expect(deltasOf([done(item, 0)])).toEqual([]);
  });
});

describe("calls", () => {
  const one = { index: 0, id: "c1", type: "function", function: { name: "one", arguments: "" } };
  const two = { index: 1, id: "c2", type: "function", function: { name: "two", arguments: "" } };
  const piece = (index: number, text: string) => ({ tool_calls: [{ index, function: { arguments: text } }] });
  const first = call("one", { id: "fc_1", call_id: "c1" });
  const second = call("two", { id: "fc_2", call_id: "c2" });

  test.each([
    ["item id", { item_id: "fc_1" }, { item_id: "fc_2" }],
    ["place", { output_index: 1 }, { output_index: 2 }],
    ["unknown item id and place", { item_id: "x", output_index: 1 }, { item_id: "y", output_index: 2 }],
    ["call id", { call_id: "c1" }, { call_id: "c2" }],
  ])("side by side are told apart by their %s", (_what, a, b) => {
    const events = [
      added(first, 1),
      added(second, 2),
      argument("{", a),
      argument("[", b),
      argument("}", a),
      argument("]", b),
    ];
    expect(deltasOf(events)).toEqual([
      { tool_calls: [one] },
      { tool_calls: [two] },
      piece(0, "{"),
      piece(1, "["),
      piece(0, "}"),
      piece(1, "]"),
    ]);
  });

  test("at one and the same place are told apart all the same", () => {
    const events = [added(first, 0), added(second, 0), argument("{}", { item_id: "fc_1", output_index: 0 })];
    expect(deltasOf(events)).toEqual([{ tool_calls: [one] }, { tool_calls: [two] }, piece(0, "{}")]);
  });

  test("that were never announced are told whole", () => {
    const whole = { ...first, arguments: "{}" };
    const told = [{ tool_calls: [one] }, piece(0, "{}")];
    expect(deltasOf([done(whole, 1)])).toEqual(told);
    expect(deltasOf([created, completed({ output: [whole] })])).toEqual(told);
    expect(deltasOf([argument("{", { output_index: 1 }), done(whole, 1), completed({ output: [whole] })])).toEqual(
      told,
    );
  });

  test("wait for their name, and vanish without one", () => {
    const { name: _name, ...nameless } = first;
    expect(
      deltasOf([added(nameless, 1), argument("{}", { item_id: "fc_1" }), done({ ...first, arguments: "{}" }, 1)]),
    ).toEqual([{ tool_calls: [one] }, piece(0, "{}")]);
    const events = [created, added(nameless, 1), argument("{}", { item_id: "fc_1" }), completed()];
    expect(deltasOf(events)).toEqual([]);
    expect(finishOf(events)).toEqual(["stop"]);
  });

  test("say each argument once, whatever says it again", () => {
    const whole = { ...first, arguments: '{"a":1}' };
    const events = [
      added(first, 1),
      argument('{"a"', { item_id: "fc_1" }),
      { type: "response.function_call_arguments.done", item_id: "fc_1", output_index: 1, arguments: '{"a":1}' },
      done(whole, 1),
      completed({ output: [whole] }),
    ];
    expect(deltasOf(events)).toEqual([{ tool_calls: [one] }, piece(0, '{"a"'), piece(0, ":1}")]);
  });

  test("have ids that clients and upstreams take back", () => {
    const long = "x".repeat(80);
    const [delta] = deltasOf([added({ ...first, call_id: long }, 0)]) as Array<{ tool_calls: Array<{ id: string }> }>;
    expect(delta?.tool_calls[0]?.id).toMatch(/^[\w-]{1,64}$/);
  });

  test("in the legacy form are one function call", () => {
    const functions = [{ name: "one" }];
    const events = [created, done({ ...first, arguments: "{}" }, 0), completed()];
    expect(deltasOf(events, { functions })).toEqual([
      { function_call: { name: "one", arguments: "" } },
      { function_call: { arguments: "{}" } },
    ]);
    expect(finishOf(events, { functions })).toEqual(["function_call"]);
  });
});

describe("pictures", () => {
  const names = { item_id: "ig_1", output_index: 0 };
  const sketch = (b64: string) => ({
    type: "response.image_generation_call.partial_image",
    ...names,
    partial_image_b64: b64,
  });
  const finished = { type: "image_generation_call", id: "ig_1", result: "BBBB", output_format: "webp" };
  const image = (index: number, url: string) => ({ images: [{ index, type: "image_url", image_url: { url } }] });

  test("are shown as they become better, and never the same one again", () => {
    const other = { ...finished, id: "ig_2", output_format: undefined };
    const output = [finished, other];
    expect(
      deltasOf([sketch("AAAA"), sketch("AAAA"), done(finished, 0), done(other, 1), completed({ output })]),
    ).toEqual([
      image(0, "data:image/png;base64,AAAA"),
      image(0, "data:image/webp;base64,BBBB"),
      image(1, "data:image/png;base64,BBBB"),
    ]);
  });
});

describe("the end", () => {
  const called = done(call("one", { id: "fc_1", call_id: "c1", arguments: "{}" }), 0);

  test.each([
    [[completed()], "stop"],
    [[{ type: "response.done", response: {} }], "stop"],
    [[called, completed()], "tool_calls"],
    [[called, incomplete("max_output_tokens")], "length"],
    [[said("Hi"), incomplete("max_output_tokens")], "length"],
    [[incomplete("content_filter")], "content_filter"],
    [[incomplete("something_new")], "length"],
  ])("of %j is told as %s, once", (events, reason) => expect(finishOf([created, ...events])).toEqual([reason]));

  test("has the role before it even when nothing was said", () => {
    expect(chunksOf([completed()]).map(({ choices }) => choices[0]?.delta)).toEqual([
      { role: "assistant", content: "" },
      {},
    ]);
  });
});

test("events that mean nothing to the client are not told", () => {
  const silent = [
    { type: "response.in_progress" },
    { type: "codex.rate_limits" },
    { type: "response.web_search_call.searching" },
  ];
  expect(deltasOf([...silent, done({ type: "web_search_call", id: "ws_1", action: {} }, 0)])).toEqual([]);
});
