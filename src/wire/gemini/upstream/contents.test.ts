import { describe, expect, test } from "vitest";
import type { InternalRequest, Item } from "../../internal.ts";
import { FaultyRequest } from "../../translation.ts";
import { geminiRequest } from "./request.ts";
import { packSignature } from "./signature-pack.ts";

const said = (role: string, text: string): Item => {
  return { type: "message", role, content: [{ type: role === "assistant" ? "output_text" : "input_text", text }] };
};
const call = (id: string, json = "{}"): Item => ({ type: "function_call", call_id: id, name: "f", arguments: json });
const output = (id: string, value: unknown = "ok"): Item => {
  return { type: "function_call_output", call_id: id, output: value };
};
const reasoning = (encrypted_content: string, text = ""): Item => {
  return { type: "reasoning", summary: [{ type: "summary_text", text }], encrypted_content };
};
const body = (request: Partial<InternalRequest>) => {
  return geminiRequest({ model: "gemini-2.5-flash", input: [], ...request }).body;
};
const contents = (input: readonly Item[], model = "gemini-2.5-flash") => body({ input, model })["contents"];
const fault = (input: readonly Item[]): string => {
  try {
    contents(input);
  } catch (error) {
    if (error instanceof FaultyRequest) return error.fault.param ?? "";
  }
  return "none";
};

describe("a conversation", () => {
  test("has the first words of developers in its system instruction, and later ones at their place", () => {
    const input = [
      said("developer", "Be brief."),
      said("user", "hi"),
      said("developer", "Be kind."),
      said("user", "go"),
    ];
    expect(body({ instructions: "You help.", input })).toMatchObject({
      systemInstruction: { parts: [{ text: "You help." }, { text: "Be brief." }] },
      contents: [
        {
          role: "user",
          parts: [{ text: "hi" }, { text: "<system-reminder>\nBe kind.\n</system-reminder>" }, { text: "go" }],
        },
      ],
    });
  });

  test("has what functions gave first in its turn, and what they show behind it", () => {
    const shown = [
      { type: "input_text", text: "see" },
      { type: "input_image", image_url: "data:image/png;base64,AA" },
    ];
    const input = [said("user", "go"), call("c1"), call("c2"), said("user", "wait"), output("c1", shown), output("c2")];
    expect(contents(input)).toMatchObject([
      { role: "user" },
      { role: "model", parts: [{ functionCall: { id: "c1" } }, { functionCall: { id: "c2" } }] },
      {
        role: "user",
        parts: [
          { functionResponse: { id: "c1", name: "f", response: { output: "see" } } },
          { functionResponse: { id: "c2", name: "f", response: { output: "ok" } } },
          { inlineData: { mimeType: "image/png", data: "AA" } },
          { text: "wait" },
        ],
      },
    ]);
  });

  test("has the calls of tools of free text with their text", () => {
    const patch = { type: "custom_tool_call", call_id: "c", name: "patch", input: "*** Begin" };
    expect(
      contents([said("user", "go"), patch, { type: "custom_tool_call_output", call_id: "c", output: "" }]),
    ).toMatchObject([
      {},
      { parts: [{ functionCall: { name: "patch", args: { input: "*** Begin" } } }] },
      { parts: [{ functionResponse: { name: "patch", response: { output: "" } } }] },
    ]);
  });

  test("has arguments that were cut off as they are", () => {
    expect(contents([said("user", "go"), call("c", '{"x":')])).toMatchObject([
      {},
      { parts: [{ functionCall: { args: { arguments: '{"x":' } } }] },
    ]);
  });

  test("is begun by the user, whatever was left of it", () => {
    expect(contents([said("assistant", "hello")])).toMatchObject([{ role: "user" }, { role: "model" }]);
  });

  test("has files and pictures with their kind, however they are given", () => {
    const content = [
      { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,AA" },
      { type: "input_file", filename: "a.PDF", file_data: "AA" },
      { type: "input_file", file_url: "https://x.test/a.csv?b=c.d" },
      { type: "input_image", image_url: "https://x.test/a" },
      { type: "input_audio", input_audio: { format: "mp3", data: "AA" } },
    ];
    expect(contents([{ type: "message", role: "user", content }])).toEqual([
      {
        role: "user",
        parts: [
          { inlineData: { mimeType: "application/pdf", data: "AA" } },
          { inlineData: { mimeType: "application/pdf", data: "AA" } },
          { fileData: { fileUri: "https://x.test/a.csv?b=c.d", mimeType: "text/csv" } },
          { fileData: { fileUri: "https://x.test/a" } },
          { inlineData: { mimeType: "audio/mp3", data: "AA" } },
        ],
      },
    ]);
  });

  test("keeps the pictures that the model made, and leaves out where it searched", () => {
    const picture = { type: "image_generation_call", id: "i", result: "AA", output_format: "jpeg" };
    expect(contents([said("user", "go"), { type: "web_search_call", id: "w" }, picture])).toMatchObject([
      {},
      { role: "model", parts: [{ inlineData: { mimeType: "image/jpeg", data: "AA" } }] },
    ]);
  });

  test.each([
    ["a compaction", [{ type: "compaction_trigger" }], "input[0]"],
    ["an output without its call", [output("c")], "input[0].call_id"],
    [
      "a file kept at OpenAI",
      [{ role: "user", content: [{ type: "input_file", file_id: "x" }] }],
      "input[0].content[0]",
    ],
    [
      "a file of no known kind",
      [{ role: "user", content: [{ type: "input_file", file_data: "AA" }] }],
      "input[0].content[0]",
    ],
    ["content nobody knows", [{ role: "user", content: [{ type: "input_smell" }] }], "input[0].content[0]"],
  ] as const)("is refused with %s", (_what, input, param) => {
    expect(fault(input)).toBe(param);
  });
});

describe("a signature goes back", () => {
  const pack = (on: "next" | "text" | "thought") => packSignature({ on, signature: `of ${on}` });

  test("to the call it came with", () => {
    const parts = [said("user", "go"), reasoning(pack("next"), "Hm."), call("c1"), call("c2")];
    expect(contents(parts)).toMatchObject([
      {},
      { parts: [{ functionCall: { id: "c1" }, thoughtSignature: "of next" }, { functionCall: { id: "c2" } }] },
    ]);
  });

  test("behind the text it came with", () => {
    expect(
      contents([said("user", "hi"), said("assistant", "Hello"), reasoning(pack("text")), said("user", "?")]),
    ).toEqual([
      { role: "user", parts: [{ text: "hi" }] },
      { role: "model", parts: [{ text: "Hello" }, { text: "", thoughtSignature: "of text" }] },
      { role: "user", parts: [{ text: "?" }] },
    ]);
  });

  test("on the thought it came with", () => {
    expect(contents([said("user", "hi"), reasoning(pack("thought"), "Hm."), said("assistant", "Hello")])).toMatchObject(
      [{}, { parts: [{ text: "Hm.", thought: true, thoughtSignature: "of thought" }, { text: "Hello" }] }],
    );
  });

  test("never when another upstream has sealed it", () => {
    const foreign = [
      "gAAAAABo",
      Buffer.from("cxa1\n{}").toString("base64"),
      Buffer.from("cxg1\nnext\n").toString("base64"),
    ];
    const told = contents([said("user", "go"), ...foreign.map((sealed) => reasoning(sealed, "Hm.")), call("c")]);
    expect(told).toEqual([
      { role: "user", parts: [{ text: "go" }] },
      { role: "model", parts: [{ functionCall: { id: "c", name: "f", args: {} } }] },
    ]);
  });

  test("or is made up for the first call of a turn, where models insist on one", () => {
    const input = [
      said("user", "go"),
      call("c1"),
      call("c2"),
      output("c1"),
      output("c2"),
      reasoning(pack("next")),
      call("c3"),
    ];
    const model = contents(input, "gemini-3.1-pro-preview") as { parts: { thoughtSignature?: string }[] }[];
    expect(model.map(({ parts }) => parts.map((part) => part.thoughtSignature))).toEqual([
      [undefined],
      ["skip_thought_signature_validator", undefined],
      [undefined, undefined],
      ["of next"],
    ]);
  });
});
