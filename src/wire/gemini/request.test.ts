import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readGeminiFields } from "./request.ts";
import { faultOf, HELLO, PATH, requestOf, translate, translated } from "./testing.ts";

const fields = (body: object, path = PATH) => readGeminiFields(Buffer.from(JSON.stringify(body)), { path, query: "" });
const generation = (generationConfig: object) => requestOf({ ...HELLO, generationConfig });

describe("what routing needs", () => {
  test("stands in the path", () => {
    expect(fields(HELLO)).toEqual({
      model: "gpt-5.5",
      isStream: true,
      reasoningEffort: null,
      serviceTier: null,
      conversation: null,
    });
    expect(fields(HELLO, "/v1/models/gpt-6:generateContent")).toMatchObject({ model: "gpt-6", isStream: false });
  });

  test("stands in the body, in either spelling", () => {
    const camel = { generationConfig: { thinkingConfig: { thinkingLevel: "HIGH" } }, serviceTier: "priority" };
    const snake = {
      generation_config: { thinking_config: { thinking_budget: 600 } },
      service_tier: "SERVICE_TIER_FLEX",
    };
    expect(fields(camel)).toMatchObject({ reasoningEffort: "high", serviceTier: "priority" });
    expect(fields(snake)).toMatchObject({ reasoningEffort: "low", serviceTier: "flex" });
  });
});

describe("the configuration of an answer", () => {
  test("keeps what the Responses API has words for", () => {
    const config = {
      temperature: 0.5,
      topP: 0.9,
      maxOutputTokens: 100,
      candidateCount: 1,
      responseModalities: ["TEXT"],
    };
    expect(generation(config)).toMatchObject({ temperature: 0.5, top_p: 0.9, max_output_tokens: 100 });
  });

  test("names everything that nothing stands for", () => {
    const request = {
      ...HELLO,
      safetySettings: [],
      newField: 1,
      generationConfig: { topK: 40, seed: 1, stop_sequences: ["x"], presencePenalty: 1, speechConfig: {} },
    };
    expect(translated(request).dropped).toEqual([
      "safetySettings",
      "newField",
      "generationConfig.topK",
      "generationConfig.seed",
      "generationConfig.stopSequences",
      "generationConfig.presencePenalty",
      "generationConfig.speechConfig",
    ]);
  });

  test.each([
    [{ candidateCount: 2 }, "generationConfig.candidateCount"],
    [{ responseModalities: ["TEXT", "IMAGE"] }, "generationConfig.responseModalities"],
    [{ responseMimeType: "application/xml" }, "generationConfig.responseMimeType"],
    [{ responseMimeType: "text/x.enum" }, "generationConfig.responseSchema"],
    [{ responseSchema: "s" }, "generationConfig.responseSchema"],
  ])("%j is refused by name", (generationConfig, param) => {
    expect(faultOf({ ...HELLO, generationConfig })?.param).toBe(param);
  });

  test("with something kept at Google is refused", () => {
    expect(faultOf({ ...HELLO, cachedContent: "cachedContents/1" })?.param).toBe("cachedContent");
  });

  test("takes labels along", () => {
    expect(requestOf({ ...HELLO, labels: { team: "a" } })).toMatchObject({ metadata: { team: "a" } });
  });
});

describe("thinking", () => {
  test.each([
    [undefined, undefined],
    [{ thinkingLevel: "MINIMAL" }, { effort: "minimal" }],
    [
      { thinkingLevel: "high", includeThoughts: true },
      { effort: "high", summary: "auto" },
    ],
    [{ thinkingLevel: "THINKING_LEVEL_UNSPECIFIED", thinkingBudget: 512 }, { effort: "minimal" }],
    [{ includeThoughts: true }, { summary: "auto" }],
    [{ thinkingBudget: -1 }, undefined],
    [{ thinkingBudget: 0, includeThoughts: true }, { effort: "none" }],
    [{ thinkingBudget: 1024 }, { effort: "low" }],
    [{ thinkingBudget: 8192 }, { effort: "medium" }],
    [{ thinkingBudget: 24_576 }, { effort: "high" }],
    [{ thinkingBudget: 32_768 }, { effort: "xhigh" }],
  ])("%j is %j", (thinkingConfig, reasoning) => {
    expect(generation({ thinkingConfig })["reasoning"]).toEqual(reasoning);
  });
});

describe("the form of an answer", () => {
  const format = (config: object) => (generation(config)["text"] as { format: object } | undefined)?.format;

  test("is free unless JSON is asked for", () => {
    expect(format({})).toBeUndefined();
    expect(format({ responseMimeType: "text/plain" })).toBeUndefined();
  });

  test("is JSON without a schema, of which the conversation then speaks", () => {
    const { input, text } = generation({ responseMimeType: "application/json" });
    expect(text).toEqual({ format: { type: "json_object" } });
    expect(input[0]).toMatchObject({ role: "developer", content: [{ text: expect.stringContaining("JSON") }] });
  });

  test("is a schema of either field, with types in capitals or not", () => {
    const schema = { type: "OBJECT", properties: { a: { type: "INTEGER" } }, required: ["a"] };
    const expected = { type: "object", properties: { a: { type: "integer" } }, required: ["a"] };
    for (const field of ["responseSchema", "responseJsonSchema", "response_schema"]) {
      expect(format({ responseMimeType: "application/json", [field]: schema })).toEqual({
        type: "json_schema",
        name: "answer",
        strict: false,
        schema: expected,
      });
    }
  });

  test("that is no object is asked for inside one", () => {
    const responseSchema = { type: "ARRAY", items: { type: "STRING" } };
    expect(format({ responseMimeType: "application/json", responseSchema })).toMatchObject({
      schema: { type: "object", properties: { answer: { type: "array" } }, required: ["answer"] },
    });
  });
});

test("a call that nobody serves is told so", () => {
  const refused = translate(HELLO, "/v1beta/models/m:embedContent");
  expect(refused).toMatchObject({
    ok: false,
    fault: { code: "not_found", message: expect.stringContaining("embedContent") as string },
  });
});

describe("counting tokens", () => {
  const count = (body: object) => translated(body, "/v1beta/models/gpt-5.5:countTokens").request;

  test("takes contents alone or a whole request", () => {
    expect(
      count({ generateContentRequest: { model: "models/x", ...HELLO, systemInstruction: { parts: [{ text: "s" }] } } }),
    ).toMatchObject({ ...count(HELLO), instructions: "s" });
  });
});

describe("any JSON", () => {
  const named = (names: string, value: fc.Arbitrary<unknown>) =>
    fc.dictionary(fc.constantFrom(...names.split(" ")), value, { maxKeys: 3 });
  const words = "name id args response parts data mimeType fileUri type items properties anyOf nullable code output";
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: "small", maxDepth: 3 },
      fc.constantFrom("", "f", "image/png", "OBJECT", "AUTO", 1, true, null),
      fc.string(),
      fc.array(tie("tree"), { maxLength: 3 }),
      named(words, tie("tree")),
    ),
  }));
  const part = fc.oneof(
    fc.record({ text: fc.string(), thought: fc.boolean() }),
    fc.record({ functionCall: fc.record({ name: fc.constantFrom("f", "g"), args: tree }) }),
    fc.record({ functionResponse: fc.record({ name: fc.constantFrom("f", "g"), response: tree }) }),
    named("text thoughtSignature inlineData fileData functionCall functionResponse executableCode other", tree),
  );
  const content = fc.record({
    role: fc.constantFrom("user", "model", "function"),
    parts: fc.array(part, { maxLength: 3 }),
  });
  const tool = named("functionDeclarations googleSearch", fc.oneof(fc.array(named("name parameters", tree)), tree));
  const config = "responseMimeType responseSchema thinkingConfig candidateCount topK temperature";
  // One thing at a time is out of the ordinary, so that most of a request is read before it is refused.
  const odd = (fields: Readonly<Record<string, fc.Arbitrary<unknown>>>) =>
    fc.record(fields).map((made) => ({ ...HELLO, ...made }));
  const body = fc.oneof(
    odd({ contents: fc.array(content, { maxLength: 4 }) }),
    odd({ systemInstruction: fc.oneof(content, tree) }),
    odd({ tools: fc.array(tool, { maxLength: 2 }) }),
    odd({ toolConfig: named("functionCallingConfig", named("mode allowedFunctionNames", tree)) }),
    odd({ generationConfig: named(config, tree) }),
    tree,
  );

  test("is translated, or refused with a reason, and always in the same way", () => {
    fc.assert(
      fc.property(body, (value) => {
        const first = translate(value);
        if (first.ok) {
          expect(JSON.stringify(translated(value).request)).toBe(JSON.stringify(first.translation.request));
        } else expect(first.fault.message).not.toBe("");
      }),
    );
  });

  test("that is none is refused", () => {
    expect(translate([])).toMatchObject({ ok: false });
    expect(faultOf({ ...HELLO, generationConfig: 1 })?.param).toBe("generationConfig");
  });
});
