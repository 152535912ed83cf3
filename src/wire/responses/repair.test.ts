import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scanMembers } from "../../kit/json-scan.ts";
import { backendProfile } from "./profile.ts";
import { repairForBackend } from "./repair.ts";

type Request = Record<string, unknown>;

const GENUINE = "gAAAAABm-genuine_ciphertext==";
const user = { role: "user", content: "hello" };

function repair(request: Request | string): Buffer {
  const repaired = repairForBackend(Buffer.from(typeof request === "string" ? request : JSON.stringify(request)));
  if (!repaired.ok) throw new Error(repaired.fault.message);
  return repaired.body;
}

const repaired = (request: Request) => JSON.parse(repair({ input: [], ...request }).toString()) as Request;
const items = (...input: unknown[]) => repaired({ input })["input"];
const fault = (text: string) => {
  const result = repairForBackend(Buffer.from(text));
  return result.ok ? null : result.fault;
};

describe("every request", () => {
  test("streams, is not stored, has instructions, and asks for sealed reasoning", () => {
    expect(repaired({ model: "m", stream: false, store: true, instructions: null })).toEqual({
      model: "m",
      input: [],
      stream: true,
      store: false,
      instructions: "",
      include: ["reasoning.encrypted_content"],
    });
  });

  test("keeps its instructions, its tools in their order, and what nobody knows yet", () => {
    const kept = {
      instructions: "be brief",
      tools: [
        { type: "function", name: "b" },
        { type: "custom", name: "a" },
      ],
      tomorrow: { x: 1 },
    };
    expect(repaired(kept)).toMatchObject(kept);
  });

  test.each(backendProfile.refusedParameters)("loses %s, which the backend refuses", (parameter) => {
    expect(repaired({ [parameter]: null })).not.toHaveProperty(parameter);
    if (parameter === "conversation" || parameter === "previous_response_id") return;
    expect(repaired({ [parameter]: 1 })).not.toHaveProperty(parameter);
  });

  test("asks only for what the backend can include", () => {
    const include = ["message.output_text.logprobs", "something.else", 7];
    expect(repaired({ include })["include"]).toEqual(["message.output_text.logprobs", "reasoning.encrypted_content"]);
    expect(repaired({ include: "x" })["include"]).toEqual(["reasoning.encrypted_content"]);
  });

  test.each([
    ["fast", "priority"],
    ["priority", "priority"],
    ["flex", "flex"],
    ["auto", undefined],
    ["default", undefined],
  ])("with the service tier %s asks for %s", (asked, sent) => {
    expect(repaired({ service_tier: asked })["service_tier"]).toBe(sent);
  });

  test.each([
    ["minimal", "low"],
    ["ultra", "max"],
    ["none", "none"],
    ["xhigh", "xhigh"],
  ])("with the effort %s asks for %s, and keeps the rest of its reasoning", (asked, sent) => {
    const reasoning = { effort: asked, summary: "auto" };
    expect(repaired({ reasoning })["reasoning"]).toEqual({ ...reasoning, effort: sent });
  });

  test("searches the web under the name the backend knows", () => {
    const preview = (type: string) => ({
      tools: [{ type, user_location: null }],
      tool_choice: { type: "allowed_tools", tools: [{ type }] },
    });
    for (const type of ["web_search_preview", "web_search_preview_2025_03_11"]) {
      expect(repaired(preview(type))).toMatchObject(preview("web_search"));
    }
    const own = {
      tools: [{ type: "function", name: "web_search_preview", description: 'like "type":"web_search_preview"' }],
    };
    expect(repaired(own)).toMatchObject(own);
  });

  test("in strict mode keeps only the fields the original knew", () => {
    const body = Buffer.from(JSON.stringify({ input: [], model: "m", tomorrow: 1, prompt_cache_key: "k" }));
    const strict = repairForBackend(body, { isStrict: true });
    const keys = Object.keys(JSON.parse(strict.ok ? strict.body.toString() : "{}") as object);
    expect(keys).toEqual(["input", "model", "prompt_cache_key", "stream", "store", "instructions", "include"]);
  });
});

describe("input", () => {
  test("given as a text becomes a user message", () => {
    const content = [{ type: "input_text", text: 'he said "é"' }];
    expect(repaired({ input: 'he said "é"' })["input"]).toEqual([{ type: "message", role: "user", content }]);
  });

  test("given as one item becomes a list", () => {
    expect(repaired({ input: user })["input"]).toEqual([user]);
  });

  test("loses the role system, ids, states and references to stored reasoning", () => {
    expect(
      items(
        { role: "system", content: "rules" },
        { type: "item_reference", id: "rs_1" },
        { type: "message", id: "x".repeat(80), status: "completed", role: "assistant", content: [] },
        { type: "function_call", id: "fc_1", call_id: "call_1", name: "f", arguments: '{"id":1}' },
      ),
    ).toEqual([
      { role: "developer", content: "rules" },
      { type: "message", role: "assistant", content: [] },
      { type: "function_call", call_id: "call_1", name: "f", arguments: '{"id":1}' },
    ]);
  });

  test("is refused when it refers to a stored message: left out, it would be missing from the conversation", () => {
    expect(fault('{"input":[{"type":"item_reference","id":"msg_1"}]}')).toMatchObject({ code: "invalid_request" });
  });

  test("loses cache marks in the parts of messages and tool outputs", () => {
    const marked = { type: "input_text", text: "t", prompt_cache_breakpoint: true };
    const plain = { type: "input_text", text: "t" };
    expect(
      items(
        { role: "user", content: [marked, "odd"] },
        { type: "function_call_output", call_id: "c", output: [marked] },
      ),
    ).toEqual([
      { role: "user", content: [plain, "odd"] },
      { type: "function_call_output", call_id: "c", output: [plain] },
    ]);
  });

  test("keeps reasoning the backend sealed, in the form it takes, and loses any other", () => {
    expect(
      items(
        { type: "reasoning", id: "rs_1", encrypted_content: GENUINE, content: [], status: "completed" },
        { type: "reasoning", encrypted_content: GENUINE, summary: [{ type: "summary_text", text: "s" }] },
        { type: "reasoning", encrypted_content: "sealed by somebody else" },
        { type: "reasoning", summary: [] },
        user,
      ),
    ).toEqual([
      { type: "reasoning", summary: [], encrypted_content: GENUINE },
      { type: "reasoning", summary: [{ type: "summary_text", text: "s" }], encrypted_content: GENUINE },
      user,
    ]);
  });

  test("without anything to repair stays as it was, to the byte", () => {
    const input = '[ {"role" : "user","content":[{"type":"input_text","text":"1.0 é \\u00e9"}]}, 7 ]';
    expect(repair(`{"input": ${input} }`).toString()).toContain(`"input": ${input},`);
  });
});

describe("no repair helps with", () => {
  test.each([
    ["[]", "must be a JSON object"],
    ["{", "must be a JSON object"],
    ['{"model":"m"}', "`input` is required"],
    ['{"input":7}', "must be a string or a list"],
    ['{"input":[{"id":oops}]}', "not valid JSON"],
    ['{"input":[],"conversation":"conv_1"}', "instead of `conversation`"],
    ['{"input":[],"conversation":{"id":"conv_1"}}', "instead of `conversation`"],
  ])("%s", (text, words) => {
    expect(fault(text)).toMatchObject({ code: "invalid_request", message: expect.stringContaining(words) as unknown });
  });

  test("an earlier response, which is not stored", () => {
    const code = "previous_response_not_found";
    expect(fault('{"input":[],"previous_response_id":"resp_1"}')).toMatchObject({ code });
    expect(fault('{"input":[],"previous_response_id":null}')).toBeNull();
  });
});

describe("for any request", () => {
  const item = fc.record(
    {
      type: fc.constantFrom("message", "reasoning", "function_call", "custom"),
      role: fc.constantFrom("system", "user", "developer"),
      id: fc.string(),
      status: fc.constant("completed"),
      encrypted_content: fc.constantFrom(GENUINE, "other"),
      content: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  const known = {
    input: fc.oneof(fc.string(), fc.array(fc.oneof(item, fc.jsonValue())), item),
    tools: fc.array(fc.record({ type: fc.constantFrom("web_search_preview", "function"), x: fc.jsonValue() })),
    reasoning: fc.record({ effort: fc.constantFrom("minimal", "ultra", "high"), x: fc.jsonValue() }),
    service_tier: fc.constantFrom("fast", "auto", null),
    include: fc.jsonValue(),
    temperature: fc.double(),
    stream: fc.boolean(),
    instructions: fc.option(fc.string()),
  };
  const request = fc
    .tuple(fc.record(known, { requiredKeys: ["input"] }), fc.dictionary(fc.string(), fc.jsonValue()))
    .map(([fields, others]) => ({ ...others, ...fields }));

  test("repairing twice is repairing once", () => {
    fc.assert(
      fc.property(request, (each) => {
        fc.pre(!("conversation" in each || "previous_response_id" in each));
        const once = repair(each);
        expect(repair(once.toString()).toString()).toBe(once.toString());
      }),
    );
  });

  test("fields that need no repair stay as they were, to the byte", () => {
    const touched = new Set<string>([
      ...backendProfile.refusedParameters,
      ...Object.keys(known),
      "store",
      "tool_choice",
    ]);
    fc.assert(
      fc.property(request, (each) => {
        fc.pre(!("conversation" in each || "previous_response_id" in each));
        const before = Buffer.from(JSON.stringify(each, null, 1));
        const after = repair(before.toString());
        for (const { key, keyStart, end } of scanMembers(before) ?? []) {
          if (!touched.has(key)) expect(after.includes(before.subarray(keyStart, end))).toBe(true);
        }
      }),
    );
  });
});
