import { describe, expect, test } from "vitest";
import { packSeal } from "../reasoning-seal.ts";
import { assistant, faultOf, sent, translated, user } from "./testing.ts";

const items = (...messages: unknown[]) => sent({ messages })["input"];
const shown = (...content: unknown[]) => items(user(content));
const message = (role: string, ...content: unknown[]) => ({ type: "message", role, content });
const text = (words: string) => ({ type: "text", text: words });
const inputText = (words: string) => ({ type: "input_text", text: words });
const base64 = (media_type: string, data: string) => ({ type: "base64", media_type, data });
const image = { type: "image", source: base64("image/png", "iVBO") };
const inputImage = { type: "input_image", image_url: "data:image/png;base64,iVBO" };

describe("what a user shows", () => {
  test("keeps the order of its texts and pictures; empty texts are left out", () => {
    expect(shown(text("a"), image, text(""), text("b"))).toEqual([
      message("user", inputText("a"), inputImage, inputText("b")),
    ]);
  });

  test.each([
    [
      { type: "image", source: { type: "url", url: "https://e.com/a.png" } },
      [{ type: "input_image", image_url: "https://e.com/a.png" }],
    ],
    [{ type: "image", source: base64("image/png", "") }, []],
    [
      { type: "document", source: base64("application/pdf", "JVBE") },
      [{ type: "input_file", filename: "document.pdf", file_data: "data:application/pdf;base64,JVBE" }],
    ],
    [
      { type: "document", title: "Report", context: "of May", source: base64("application/pdf", "JVBE") },
      [
        inputText("of May"),
        { type: "input_file", filename: "Report.pdf", file_data: "data:application/pdf;base64,JVBE" },
      ],
    ],
    [
      { type: "document", source: { type: "url", url: "https://e.com/a.pdf" } },
      [{ type: "input_file", file_url: "https://e.com/a.pdf" }],
    ],
    [
      { type: "document", title: "Notes", source: { type: "text", media_type: "text/plain", data: "plain" } },
      [inputText("Notes"), inputText("plain")],
    ],
    [{ type: "document", source: { type: "content", content: [text("a"), image] } }, [inputText("a"), inputImage]],
    [{ type: "document", source: { type: "content", content: "a" } }, [inputText("a")]],
    [
      { type: "search_result", title: "T", source: "https://e.com", content: [text("found")] },
      [inputText("T\nhttps://e.com"), inputText("found")],
    ],
  ])("may be %j", (block, parts) => {
    expect(shown(text("see"), block)).toEqual([message("user", inputText("see"), ...parts)]);
  });

  test.each([
    ["messages[0].content[0].source.type", { type: "image", source: { type: "file", file_id: "f" } }],
    ["messages[0].content[0].source.type", { type: "document", source: { type: "file", file_id: "f" } }],
    ["messages[0].content[0].source", { type: "image" }],
    ["messages[0].content[0].type", { type: "container_upload", file_id: "f" }],
    ["messages[0].content[0].type", { type: "hologram" }],
  ])("is refused at %s when it cannot be taken over: %j", (place, block) => {
    expect(faultOf({ messages: [user([block])] })).toBe(place);
  });
});

describe("a system message in the middle", () => {
  test("is a developer's, at its place", () => {
    const rules = { role: "system", content: [{ ...text("rules"), cache_control: {} }], output_config: {} };
    expect(items(user("a"), rules, user("b"))).toEqual([
      message("user", inputText("a")),
      message("developer", inputText("rules")),
      message("user", inputText("b")),
    ]);
  });
});

describe("what the assistant said", () => {
  const call = (id: string, name = "read") => ({ type: "tool_use", id, name, input: { path: "a" } });
  const functionCall = (call_id: string, name = "read") => ({
    type: "function_call",
    call_id,
    name,
    arguments: '{"path":"a"}',
  });

  test("keeps the order of texts and calls", () => {
    expect(items(assistant(text("first"), call("t1"), text("then"), call("t2")))).toEqual([
      message("assistant", { type: "output_text", text: "first" }),
      functionCall("t1"),
      message("assistant", { type: "output_text", text: "then" }),
      functionCall("t2"),
    ]);
    expect(items(user("a"), { role: "assistant", content: "b" })).toContainEqual(
      message("assistant", { type: "output_text", text: "b" }),
    );
  });

  test("calls with ids and names that upstreams would refuse are shortened, and the outputs find them", () => {
    const id = `toolu.${"x".repeat(80)}`;
    const [made, output] = items(
      assistant(call(id, `mcp__files__${"n".repeat(70)}`)),
      user([{ type: "tool_result", tool_use_id: id }]),
    ) as Array<Record<string, string>>;
    expect(made?.["call_id"]).toMatch(/^[\w-]{1,64}$/);
    expect(made?.["name"]).toMatch(/^[\w-]{1,64}$/);
    expect(output?.["call_id"]).toBe(made?.["call_id"]);
  });

  test("a call without an object for its input has none", () => {
    for (const input of [null, "text", [1], undefined]) {
      expect(items(assistant({ ...call("t1"), input }))).toMatchObject([{ arguments: "{}" }]);
    }
  });

  test("a search of the web is told as one, and what tools of the vendor did is left out", () => {
    const search = { type: "server_tool_use", id: "s1", name: "web_search", input: { query: "cats" } };
    const others = [
      { type: "web_search_tool_result", tool_use_id: "s1", content: [] },
      { type: "server_tool_use", id: "s2", name: "code_execution", input: {} },
      { type: "code_execution_tool_result", tool_use_id: "s2", content: {} },
      { type: "mcp_tool_use", id: "s3", name: "x", input: {} },
    ];
    expect(items(assistant(search, ...others, text("found")))).toEqual([
      { type: "web_search_call", status: "completed", action: { type: "search", query: "cats" } },
      message("assistant", { type: "output_text", text: "found" }),
    ]);
  });

  test("a block that holds what cannot be told is refused by its name", () => {
    expect(faultOf({ messages: [assistant(image)] })).toBe("messages[0].content[0].type");
    expect(faultOf({ messages: [assistant({ type: "tool_use", id: "t", name: "" })] })).toBe(
      "messages[0].content[0].name",
    );
    expect(faultOf({ messages: [assistant({ type: "tool_use", name: "x" })] })).toBe("messages[0].content[0].id");
  });

  test("a summary of what was said before is shown to the model", () => {
    const compaction = { type: "compaction", content: "they spoke of cats" };
    expect(items(assistant(compaction), user("go on"))).toEqual([
      message("user", inputText("they spoke of cats")),
      message("user", inputText("go on")),
    ]);
  });
});

describe("the result of a tool", () => {
  const result = (content: unknown, more: object = {}) => {
    const [item] = shown({ type: "tool_result", tool_use_id: "t1", content, ...more }) as Array<
      Record<string, unknown>
    >;
    return item?.["output"];
  };

  test.each([
    ["done", "done"],
    ["", ""],
    [null, ""],
    [undefined, ""],
    [[], ""],
    [[text("done")], "done"],
    [
      [text("a"), text("b")],
      [inputText("a"), inputText("b")],
    ],
    [[image], [inputImage]],
    [
      [text("see"), image],
      [inputText("see"), inputImage],
    ],
    [
      [{ type: "document", source: base64("application/pdf", "JVBE") }],
      [{ type: "input_file", filename: "document.pdf", file_data: "data:application/pdf;base64,JVBE" }],
    ],
    [[{ type: "tool_reference", tool_name: "WebFetch" }], "The tool WebFetch is available."],
  ])("%j is given as %j", (content, output) => {
    expect(result(content)).toEqual(output);
  });

  test("that failed says so", () => {
    expect(result("no such file", { is_error: true })).toBe("[The tool failed]\nno such file");
    expect(result([text("a"), image], { is_error: true })).toEqual([
      inputText("[The tool failed]"),
      inputText("a"),
      inputImage,
    ]);
  });

  test("stands where it stood among the texts", () => {
    expect(shown(text("before"), { type: "tool_result", tool_use_id: "t1", content: "x" }, text("after"))).toEqual([
      message("user", inputText("before")),
      { type: "function_call_output", call_id: "t1", output: "x" },
      message("user", inputText("after")),
    ]);
  });
});

describe("thinking of earlier turns", () => {
  const ciphertext = (owner: string) => `gAAAA${owner}`;
  const thinking = (owner: string) => ({
    type: "thinking",
    thinking: "hm",
    signature: packSeal({ owner, ciphertext: ciphertext(owner) }),
  });
  const redacted = (owner: string) => ({ type: "redacted_thinking", data: thinking(owner).signature });
  const reasoning = (owner: string) => ({ type: "reasoning", summary: [], encrypted_content: ciphertext(owner) });
  const said = message("assistant", { type: "output_text", text: "yes" });

  test("goes back to the account that sealed it, before what followed from it", () => {
    const { request, sealOwner } = translated({
      messages: [user("a"), assistant(thinking("ann"), text("yes"), redacted("ann"))],
    });
    expect(request.input.slice(1)).toEqual([reasoning("ann"), said, reasoning("ann")]);
    expect(sealOwner).toBe("ann");
  });

  test("of an account that answered no more at the end is left out", () => {
    const { request, sealOwner } = translated({
      messages: [assistant(thinking("ann"), text("yes")), user("b"), assistant(thinking("bob"), text("yes"))],
    });
    expect(request.input).toEqual([said, message("user", inputText("b")), reasoning("bob"), said]);
    expect(sealOwner).toBe("bob");
  });

  test("of another vendor is left out, and never told as if it had been said", () => {
    const foreign = { type: "thinking", thinking: "secret thoughts", signature: "EqQBCkYIBx" };
    const { request, sealOwner } = translated({
      messages: [user([thinking("ann"), text("a")]), assistant(foreign, { ...foreign, signature: "" }, text("yes"))],
    });
    expect(request.input).toEqual([message("user", inputText("a")), said]);
    expect(sealOwner).toBeNull();
  });
});
