import { describe, expect, test } from "vitest";
import { packSeal } from "../reasoning-seal.ts";
import { faultOf, requestOf, translated } from "./testing.ts";

const input = (...contents: readonly object[]) => requestOf({ contents }).input;
const user = (...parts: readonly object[]) => ({ role: "user", parts });
const model = (...parts: readonly object[]) => ({ role: "model", parts });
const call = (name: string, more: object = {}) => ({ functionCall: { name, args: { a: 1 }, ...more } });
const response = (name: string, more: object = {}) => ({
  functionResponse: { name, response: { output: "x" }, ...more },
});

describe("what was said", () => {
  test("becomes messages, one for each turn", () => {
    expect(input(user({ text: "a" }, { text: "b" }), model({ text: "c" }), { parts: [{ text: "d" }] })).toEqual([
      { type: "message", role: "user", content: [input_text("a"), input_text("b")] },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "c" }] },
      { type: "message", role: "user", content: [input_text("d")] },
    ]);
  });

  test("by the system becomes the instructions, in either spelling", () => {
    const parts = [{ text: "be" }, { text: "brief" }];
    const contents = [user({ text: "a" })];
    expect(requestOf({ systemInstruction: { parts }, contents }).instructions).toBe("be\n\nbrief");
    expect(requestOf({ system_instruction: { parts }, contents }).instructions).toBe("be\n\nbrief");
    expect(requestOf({ contents }).instructions).toBe("");
  });

  test("as nothing is left out", () => {
    expect(input(user({ text: "" }, {}, { text: "a" }), model({ text: "" }))).toEqual([
      { type: "message", role: "user", content: [input_text("a")] },
    ]);
  });

  test("by a program that ran at Google stays as the model's own text", () => {
    const ran = [
      { executableCode: { language: "PYTHON", code: "print(1)" } },
      { codeExecutionResult: { outcome: "OUTCOME_OK", output: "1" } },
    ];
    expect(JSON.stringify(input(model(...ran)))).toContain("```python\\nprint(1)\\n```");
  });
});

describe("media", () => {
  test.each([
    [
      { inlineData: { mimeType: "image/png", data: "AA==" } },
      { type: "input_image", image_url: "data:image/png;base64,AA==" },
    ],
    [
      { inline_data: { mime_type: "image/png", data: "-_8=" } },
      { type: "input_image", image_url: "data:image/png;base64,+/8=" },
    ],
    [
      { inlineData: { mimeType: "audio/mpeg", data: "AA==" } },
      { type: "input_audio", input_audio: { data: "AA==", format: "mp3" } },
    ],
    [
      { inlineData: { mimeType: "application/pdf", data: "AA==" } },
      { type: "input_file", filename: "document.pdf", file_data: "data:application/pdf;base64,AA==" },
    ],
    [
      { fileData: { mimeType: "image/png", fileUri: "https://a.test/b.png" } },
      { type: "input_image", image_url: "https://a.test/b.png" },
    ],
    [{ fileData: { fileUri: "https://a.test/b.pdf" } }, { type: "input_file", file_url: "https://a.test/b.pdf" }],
  ])("%j", (part, expected) => expect(input(user(part))).toMatchObject([{ content: [expected] }]));

  test("that lies at Google is refused by name", () => {
    for (const fileUri of ["gs://b/o", "https://generativelanguage.googleapis.com/v1beta/files/x", "files/x"]) {
      expect(faultOf({ contents: [user({ fileData: { fileUri } })] })?.param).toBe(
        "contents[0].parts[0].fileData.fileUri",
      );
    }
  });

  test("loses what is said about it, which is told instead", () => {
    const part = {
      newField: 1,
      inlineData: { mimeType: "image/png", data: "" },
      videoMetadata: {},
      mediaResolution: {},
    };
    expect(translated({ contents: [user(part)] }).dropped).toEqual([
      "contents.parts.newField",
      "contents.parts.videoMetadata",
      "contents.parts.mediaResolution",
    ]);
  });
});

describe("calls and responses", () => {
  const pairs = (...contents: readonly object[]) =>
    input(...contents).flatMap((item) => ("call_id" in item ? [[item["type"], item["call_id"], item["name"]]] : []));

  test("are paired by their ids, whatever their order", () => {
    const made = model(call("f", { id: "1" }), call("f", { id: "2" }));
    expect(pairs(made, user(response("f", { id: "2" }), response("f", { id: "1" })))).toEqual([
      ["function_call", "1", "f"],
      ["function_call", "2", "f"],
      ["function_call_output", "2", undefined],
      ["function_call_output", "1", undefined],
    ]);
  });

  test("without ids are paired by name, first come first served, with the same ids every time", () => {
    const turn = [
      model(call("f"), call("g"), call("f")),
      { role: "function", parts: [response("g"), response("f"), response("f")] },
    ];
    const ids = pairs(...turn).map(([, id]) => id);
    expect(ids).toEqual(["call_1", "call_2", "call_3", "call_2", "call_1", "call_3"]);
    expect(pairs(...turn, ...turn).slice(0, 6)).toEqual(pairs(...turn));
  });

  test("of which only one side has an id are paired by name", () => {
    expect(pairs(model(call("f")), user(response("f", { id: "x" })))).toHaveLength(2);
    expect(pairs(model(call("f", { id: "x" })), user(response("f")))).toHaveLength(2);
  });

  test("with an id that is used again get ids of their own", () => {
    const turn = [model(call("f", { id: "1" })), user(response("f", { id: "1" }))];
    const ids = pairs(...turn, ...turn).map(([, id]) => id);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).toBe(ids[3]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  test("that stand alone are refused by name, but not when tokens are counted", () => {
    expect(faultOf({ contents: [model(call("f"))] })?.param).toBe("contents[0].parts[0].functionCall");
    expect(faultOf({ contents: [user(response("f"))] })?.param).toBe("contents[0].parts[0].functionResponse");
    const count = translated({ contents: [user(response("f")), model(call("g"))] }, "/v1beta/models/m:countTokens");
    expect(count.request.input).toHaveLength(2);
  });

  test.each([
    [{ output: "text" }, "text"],
    [{ output: { a: 1 } }, '{"a":1}'],
    [{ error: "no" }, '{"error":"no"}'],
    [{ a_b: 1, output: 2 }, '{"a_b":1,"output":2}'],
    [undefined, ""],
  ])("give back %j as %j", (given, output) => {
    const [, item] = input(model(call("f")), user(response("f", { response: given })));
    expect(item?.["output"]).toBe(output);
  });

  test("keep the pictures that a function shows, inside the response or right behind it", () => {
    const picture = { inlineData: { mimeType: "image/png", data: "AA==" } };
    const output = [input_text("x"), { type: "input_image", detail: "auto", image_url: "data:image/png;base64,AA==" }];
    const inside = input(model(call("f")), user(response("f", { parts: [picture] })));
    const behind = input(model(call("f")), user(response("f"), picture));
    expect(inside.at(-1)).toMatchObject({ type: "function_call_output", output });
    expect(behind).toEqual(inside);
    const later = input(model(call("f")), user(response("f"), { text: "look" }, picture));
    expect(later.at(-1)).toMatchObject({ type: "message", content: [input_text("look"), output[1]] });
  });
});

describe("thinking", () => {
  const seal = (owner: string, mark: string) => packSeal({ owner, ciphertext: `gAAAA${mark}` });

  test("comes back sealed before the part that carries it, and its text never", () => {
    const thought = { text: "hm", thought: true };
    const signed = { ...call("f"), thoughtSignature: seal("ann", "one") };
    const said = { text: "done", thought_signature: seal("ann", "two") };
    const items = input(model(thought, signed), user(response("f")), model(said));
    expect(items.map((item) => item["encrypted_content"] ?? item["type"])).toEqual([
      "gAAAAone",
      "function_call",
      "function_call_output",
      "gAAAAtwo",
      "message",
    ]);
    expect(JSON.stringify(items)).not.toContain("hm");
  });

  test("of the last account only is kept", () => {
    const contents = [
      model({ text: "a", thoughtSignature: seal("ann", "one") }),
      model({ text: "b", thoughtSignature: seal("bob", "two") }),
    ];
    const { request, sealOwner } = translated({ contents });
    expect(sealOwner).toBe("bob");
    expect(JSON.stringify(request)).not.toContain("gAAAAone");
    expect(JSON.stringify(request)).toContain("gAAAAtwo");
  });

  test("sealed by others says nothing", () => {
    const contents = [model({ text: "a", thoughtSignature: "skip_thought_signature_validator" })];
    expect(translated({ contents })).toMatchObject({ sealOwner: null, request: { input: [{ type: "message" }] } });
  });

  test("that nothing follows is left out", () => {
    const lone = { text: "", thought: true, thoughtSignature: seal("ann", "one") };
    expect(input(model(lone), user({ text: "go on" }))).toMatchObject([{ role: "user" }]);
  });
});

describe("what cannot be understood is refused by name", () => {
  test.each([
    [{}, "contents"],
    [{ contents: [] }, "contents"],
    [{ contents: ["a"] }, "contents[0]"],
    [{ contents: [{ role: "system", parts: [] }] }, "contents[0].role"],
    [{ contents: [{ parts: {} }] }, "contents[0].parts"],
    [{ contents: [user({ text: 1 })] }, "contents[0].parts[0].text"],
    [{ contents: [user({ hologram: {} })] }, "contents[0].parts[0].hologram"],
    [{ contents: [user({ text: "a", inlineData: {} })] }, "contents[0].parts[0].inlineData"],
    [{ contents: [model({ inlineData: { mimeType: "image/png", data: "" } })] }, "contents[0].parts[0].inlineData"],
    [{ contents: [model({ functionCall: {} })] }, "contents[0].parts[0].functionCall.name"],
    [{ contents: [user({ inlineData: { data: "" } })] }, "contents[0].parts[0].inlineData.mimeType"],
    [
      { contents: [user({ text: "a" })], systemInstruction: { parts: [{ inlineData: {} }] } },
      "systemInstruction.parts[0].inlineData",
    ],
  ])("%j", (body, param) => expect(faultOf(body)?.param).toBe(param));
});

function input_text(text: string) {
  return { type: "input_text", text };
}
