import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DemoAccount } from "../account.ts";
import { CAPTURE_NAMES, captured, type CapturedRequest, type CaptureName } from "../captured.ts";
import { seal, turnState } from "../ciphertext.ts";
import { startWorld, type World } from "../world.ts";

let world: World;
let account: DemoAccount;
let other: DemoAccount;
let free: DemoAccount;

beforeAll(async () => {
  world = await startWorld();
  account = world.addAccount({ plan: "plus" });
  other = world.addAccount({ plan: "plus" });
  free = world.addAccount({ plan: "free" });
});
afterAll(() => world.close());

type Change = (request: CapturedRequest) => void;

async function send(name: CaptureName, change: Change, who = account): Promise<{ status: number; body: unknown }> {
  const request = captured(name, who);
  change(request);
  const answer = await fetch(`${world.chatgptUrl}/responses`, {
    method: "POST",
    headers: { ...request.headers, authorization: `Bearer ${who.login.accessToken}` },
    body: JSON.stringify(request.body),
  });
  const text = await answer.text();
  return { status: answer.status, body: answer.status === 200 ? text : (JSON.parse(text) as unknown) };
}

const set =
  (field: string, value: unknown): Change =>
  ({ body }) =>
    void (body[field] = value);
/** Changes the first item of a type. */
const item =
  (type: string, fields: Record<string, unknown>): Change =>
  ({ body }) =>
    void Object.assign(body.input.find((candidate) => candidate.type === type) ?? {}, fields);
const push =
  (...items: { type: string; [field: string]: unknown }[]): Change =>
  ({ body }) =>
    void body.input.push(...items);
const drop =
  (type: string): Change =>
  ({ body }) =>
    void (body.input = body.input.filter((candidate) => candidate.type !== type));
const tool =
  (fields: Record<string, unknown>): Change =>
  ({ body }) =>
    void (body["tools"] = [{ type: "function", name: "f", parameters: { type: "object", properties: {} }, ...fields }]);
const message = (role: string, part: Record<string, unknown>): Change =>
  push({ type: "message", role, content: [{ type: "input_text", text: "x", ...part }] });

describe("captured requests of every Codex version are served", () => {
  test.each(CAPTURE_NAMES)("%s", async (name) => {
    expect(await send(name, () => undefined)).toMatchObject({ status: 200 });
  });
});

describe("the backend's own refusals", () => {
  const long = "x".repeat(65);
  test.each<[string, Change, string]>([
    ["stored responses", set("store", true), "Store must be set to false"],
    ["a missing store", set("store", undefined), "Store must be set to false"],
    ["unary answers", set("stream", false), "Stream must be set to true"],
    ["a string as input", set("input", "hi"), "Input must be a list"],
    ["no instructions from anywhere", ({ body }) => void body.input.splice(0, 2), "Instructions are required"],
    ["system messages", push({ type: "message", role: "system", content: "x" }), "System messages are not allowed"],
    ["an unknown service tier", set("service_tier", "fast"), "Unsupported service_tier: fast"],
    [
      "stream options",
      set("stream_options", { include_usage: true }),
      "Unsupported parameter: stream_options.include_usage",
    ],
    [
      "an unknown model",
      set("model", "gpt-9"),
      "The 'gpt-9' model is not supported when using Codex with a ChatGPT account.",
    ],
    ...[
      "max_output_tokens",
      "max_completion_tokens",
      "max_tokens",
      "temperature",
      "top_p",
      "truncation",
      "user",
      "metadata",
      "safety_identifier",
      "prompt_cache_retention",
      "context_management",
      "previous_response_id",
      "conversation",
      "background",
      "generate",
      "stop",
      "n",
      "seed",
    ].map((name): [string, Change, string] => [
      `the parameter ${name}`,
      set(name, 1),
      `Unsupported parameter: ${name}`,
    ]),
    [
      "a cache key of 65 characters is another matter",
      set("prompt_cache_keys", long),
      "Unsupported parameter: prompt_cache_keys",
    ],
  ])("%s", async (_title, change, detail) => {
    expect(await send("classicToolTurn", change)).toEqual({ status: 400, body: { detail } });
  });

  test("a body that is not JSON", async () => {
    const answer = await fetch(`${world.chatgptUrl}/responses`, {
      method: "POST",
      headers: { authorization: `Bearer ${account.login.accessToken}` },
      body: "{",
    });
    expect(answer.status).toBe(400);
  });

  test("a model that the plan does not have", async () => {
    const model = "gpt-5.3-codex-spark";
    expect(await send("turnOf125", set("model", model))).toMatchObject({ status: 200 });
    expect(await send("turnOf125", set("model", model), free)).toEqual({
      status: 400,
      body: { detail: `The '${model}' model is not supported when using Codex with a ChatGPT account.` },
    });
  });
});

describe("refusals of the model API behind it", () => {
  const long = "x".repeat(65);
  const strict = { strict: true };
  const open = { type: "object", properties: { a: { type: "string" } }, required: ["a"] };
  const partial = { type: "object", properties: { a: {}, b: {} }, required: ["a"], additionalProperties: false };
  const call = { type: "function_call", name: "f", arguments: "{}" };
  test.each<[string, Change, string | null, string | null]>([
    ["a message id with a foreign prefix", item("message", { id: "item_1" }), "input[0].id", "invalid_value"],
    ["a reasoning id with a foreign prefix", item("reasoning", { id: "msg_1" }), "input[4].id", "invalid_value"],
    ["a call id with a foreign prefix", item("function_call", { id: "call_1" }), "input[5].id", "invalid_value"],
    ["an id of 65 characters", item("message", { id: `msg_${long}` }), "input[0].id", "string_above_max_length"],
    ["an id with odd characters", item("message", { id: "msg_1.2" }), "input[0].id", "invalid_value"],
    [
      "the same id twice",
      push({ type: "message", role: "user", id: "fc_33", content: "x" }),
      "input[7].id",
      "invalid_value",
    ],
    ["a doubled item", ({ body }) => void body.input.push({ ...body.input[0]! }), "input", null],
    [
      "a call_id of 65 characters",
      item("function_call", { call_id: long }),
      "input[5].call_id",
      "string_above_max_length",
    ],
    ["an empty call_id", item("function_call", { call_id: "" }), "input[5].call_id", "empty_string"],
    ["a call without name", item("function_call", { name: undefined }), "input[5].name", "missing_required_parameter"],
    ["arguments that are no text", item("function_call", { arguments: {} }), "input[5].arguments", "invalid_type"],
    ["a call without output", drop("function_call_output"), "input", null],
    ["an output without call", drop("function_call"), "input", null],
    [
      "a custom output for a function call",
      push({ type: "custom_tool_call_output", call_id: "call_33", output: "" }),
      "input",
      null,
    ],
    ["an unanswered call at the end", push({ ...call, call_id: "call_99" }), "input", null],
    ["a tool name of 65 characters", tool({ name: long }), "tools[0].name", "string_above_max_length"],
    ["a tool name with a dot", tool({ name: "a.b" }), "tools[0].name", "invalid_value"],
    [
      "a tool in the form of chat completions",
      tool({ name: undefined, function: { name: "f" } }),
      "tools[0].name",
      "missing_required_parameter",
    ],
    [
      "parameters that are no object",
      tool({ parameters: { type: "array" } }),
      "tools[0].parameters",
      "invalid_function_parameters",
    ],
    [
      "an open object in a strict schema",
      tool({ ...strict, parameters: open }),
      "tools[0].parameters",
      "invalid_function_parameters",
    ],
    [
      "an optional property in a strict schema",
      tool({ ...strict, parameters: partial }),
      "tools[0].parameters",
      "invalid_function_parameters",
    ],
    [
      "an open object in structured output",
      set("text", { format: { type: "json_schema", name: "x", schema: open } }),
      "text.format.schema",
      "invalid_json_schema",
    ],
    ["the old web search tool", set("tools", [{ type: "web_search_preview" }]), "tools[0].type", "invalid_value"],
    ["output text from a user", message("user", { type: "output_text" }), "input[7].content[0].type", "invalid_value"],
    ["input text from the assistant", message("assistant", {}), "input[7].content[0].type", "invalid_value"],
    ["chat parts", message("user", { type: "text" }), "input[7].content[0].type", "invalid_value"],
    [
      "a cache mark on a part",
      message("user", { prompt_cache_breakpoint: 1 }),
      "input[7].content[0].prompt_cache_breakpoint",
      "unknown_parameter",
    ],
    ["an unknown role", message("tool", {}), "input[7].role", "invalid_value"],
    ["an unknown item type", push({ type: "future_item" }), "input[7].type", "invalid_value"],
    ["an item that is none", ({ body }) => void body.input.push("x" as never), "input[7]", "invalid_type"],
    ["an unknown effort", set("reasoning", { effort: "ultra" }), "reasoning.effort", "invalid_value"],
    ["an effort the model lacks", set("reasoning", { effort: "max" }), "reasoning.effort", "unsupported_value"],
    ["an unknown include", set("include", ["usage"]), "include[0]", "invalid_value"],
    ["an unknown verbosity", set("text", { verbosity: "loud" }), "text.verbosity", "invalid_value"],
    ["a cache key of 65 characters", set("prompt_cache_key", long), "prompt_cache_key", "string_above_max_length"],
    [
      "reasoning without summary",
      item("reasoning", { summary: undefined }),
      "input[4].summary",
      "missing_required_parameter",
    ],
    ["reasoning with status", item("reasoning", { status: "completed" }), "input[4].status", "unknown_parameter"],
    ["reasoning with content", item("reasoning", { content: [{}] }), "input[4].content", "array_above_max_length"],
    [
      "tools in the input without the lite header",
      push({ type: "additional_tools", tools: [] }),
      "input[7].type",
      "invalid_value",
    ],
  ])("%s", async (_title, change, param, code) => {
    const { status, body } = await send("classicToolTurn", change);
    expect(status).toBe(400);
    expect(body).toEqual({
      error: { message: expect.any(String) as string, type: "invalid_request_error", param, code },
    });
  });

  test("the words of the refusals that name their cause only there", async () => {
    const said = async (change: Change): Promise<unknown> =>
      ((await send("classicToolTurn", change)).body as { error: { message: string } }).error.message;
    expect(await said(drop("function_call_output"))).toBe("No tool output found for function call call_33.");
    expect(await said(drop("function_call"))).toBe("No tool call found for function call output with call_id call_33.");
    expect(await said(item("function_call", { id: "call_1" }))).toBe(
      "Invalid 'input[5].id': 'call_1'. Expected an ID that begins with 'fc'.",
    );
    expect(await said(tool({ name: "x".repeat(70) }))).toBe(
      "Invalid 'tools[0].name': string too long. Expected a string with maximum length 64, but got a string with length 70 instead.",
    );
  });

  test.each<[string, Change]>([
    ["an item reference", push({ type: "item_reference", id: "rs_1" })],
    ["reasoning whose ciphertext was left out", item("reasoning", { encrypted_content: null })],
  ])("%s is looked for in vain", async (_title, change) => {
    const { status, body } = await send("classicToolTurn", change);
    expect(status).toBe(404);
    expect(JSON.stringify(body)).toContain("Items are not persisted when `store` is set to false");
  });
});

describe("what belongs to one account", () => {
  const foreign = (kind: "reasoning" | "compaction"): string => seal({ owner: other.accountId, kind, serial: 1 });
  test.each<[string, Change]>([
    [
      "reasoning of another account",
      (request) => item("reasoning", { encrypted_content: foreign("reasoning") })(request),
    ],
    [
      "a compaction blob of another account",
      (request) => push({ type: "compaction", encrypted_content: foreign("compaction") })(request),
    ],
    ["ciphertext that is none", item("reasoning", { encrypted_content: "Zm9vYmFy" })],
  ])("%s is refused", async (_title, change) => {
    const { status, body } = await send("classicToolTurn", change);
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { code: "invalid_encrypted_content", param: null } });
  });

  test("turn state of another account is refused", async () => {
    const change: Change = ({ headers }) => void (headers["x-codex-turn-state"] = turnState(other.accountId, 1));
    expect(await send("classicToolTurn", change)).toMatchObject({
      status: 400,
      body: { error: { param: "x-codex-turn-state" } },
    });
  });
});

describe("responses lite", () => {
  const header = "X-OpenAI-Internal-Codex-Responses-Lite";
  test.each<[string, Change, string, string]>([
    [
      "a context other than all turns",
      set("reasoning", { effort: "low" }),
      "reasoning.context",
      `${header} requires \`reasoning.context\` to be \`all_turns\`.`,
    ],
    [
      "parallel tool calls",
      set("parallel_tool_calls", true),
      "parallel_tool_calls",
      `${header} requires \`parallel_tool_calls\` to be \`false\`.`,
    ],
    [
      "tools at the top",
      tool({}),
      "tools",
      `${header} only supports function tools, custom tools, and client-executed tool search.`,
    ],
    ["an old model", set("model", "gpt-5.5"), "model", `This model is not supported when using ${header}.`],
  ])("%s is refused", async (_title, change, param, text) => {
    expect(await send("liteTurn", change)).toEqual({
      status: 400,
      body: { error: { message: text, type: "invalid_request_error", param, code: "unsupported_value" } },
    });
  });
});

test("a world can be told to take what future clients send", async () => {
  const allow = { parameters: ["future"], itemTypes: ["future_item"], models: ["gpt-9"], foreignCompaction: true };
  const lenient = await startWorld({ allow });
  const who = lenient.addAccount();
  const { headers, body } = captured("classicToolTurn", who);
  const blob = { type: "compaction", encrypted_content: seal({ owner: "somebody", kind: "compaction", serial: 1 }) };
  const answer = await fetch(`${lenient.chatgptUrl}/responses`, {
    method: "POST",
    headers: { ...headers, authorization: `Bearer ${who.login.accessToken}` },
    body: JSON.stringify({ ...body, model: "gpt-9", future: 1, input: [...body.input, { type: "future_item" }, blob] }),
  });
  await answer.text();
  await lenient.close();
  expect(answer.status).toBe(200);
});
