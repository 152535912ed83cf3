import { describe, expect, test } from "vitest";
import { captured, type CaptureName, type CapturedBody } from "../captured.ts";
import { paceOf, writeScript, type Script } from "./script.ts";

function asking(name: CaptureName, text: string): CapturedBody {
  const { body } = captured(name);
  body.input = body.input.filter((item) => !/call/.test(item.type));
  body.input.push({ type: "message", role: "user", content: [{ type: "input_text", text }] });
  return body;
}

function textOf(script: Script): string {
  return script.result.kind === "text" ? [...script.result.deltas].join("") : script.result.kind;
}

describe("a shell wish becomes the tool that the client's version offers", () => {
  test.each<[CaptureName, object]>([
    ["classicToolTurn", { type: "function_call", name: "exec_command", input: '{"cmd":"echo hi"}' }],
    ["turnOf125", { type: "function_call", name: "exec_command", input: '{"cmd":"echo hi"}' }],
    ["turnOf101", { type: "function_call", name: "exec_command", input: '{"cmd":"echo hi"}' }],
    ["turnOf058", { type: "function_call", name: "shell", input: '{"command":["bash","-lc","echo hi"]}' }],
    [
      "liteTurn",
      {
        type: "custom_tool_call",
        name: "exec",
        namespace: "functions",
        input: expect.stringContaining('tools.exec_command({"cmd":"echo hi"})') as string,
      },
    ],
  ])("%s", (name, call) => {
    const script = writeScript(asking(name, "please [[shell echo hi]]"));
    expect(script.result).toEqual({ kind: "calls", calls: [call] });
  });
});

describe("a patch wish", () => {
  test("becomes the custom tool where there is one", () => {
    expect(writeScript(asking("classicToolTurn", "[[patch a.txt some text]]")).result).toMatchObject({
      calls: [
        {
          type: "custom_tool_call",
          name: "apply_patch",
          input: "*** Begin Patch\n*** Add File: a.txt\n+some text\n*** End Patch\n",
        },
      ],
    });
  });

  test("becomes a script in code mode", () => {
    expect(writeScript(asking("liteTurn", "[[patch a.txt some text]]")).result).toMatchObject({
      calls: [{ name: "exec", input: expect.stringContaining("tools.apply_patch(") as string }],
    });
  });

  test("becomes a shell command where nothing else is offered", () => {
    const body = asking("turnOf101", "[[patch a.txt some text]]");
    body["tools"] = [{ type: "function", name: "shell", parameters: { type: "object" } }];
    expect(writeScript(body).result).toMatchObject({
      calls: [{ name: "shell", input: expect.stringContaining("apply_patch <<") as string }],
    });
  });
});

test("wishes are worked off one after another, then the answer quotes the last output", () => {
  const body = asking("classicToolTurn", '[[shell one]] [[tool:view_image {"path":"/a.png"}]]');
  const output = (id: string): object[] => [
    { type: "function_call", call_id: id, name: "f", arguments: "{}" },
    { type: "function_call_output", call_id: id, output: `output of ${id}` },
  ];
  expect(writeScript(body).result).toMatchObject({ calls: [{ name: "exec_command" }] });
  body.input.push(...(output("c1") as typeof body.input));
  expect(writeScript(body).result).toMatchObject({ calls: [{ name: "view_image", input: '{"path":"/a.png"}' }] });
  body.input.push(...(output("c2") as typeof body.input));
  expect(textOf(writeScript(body))).toBe("Done. The tool said: output of c2");
});

test.each<[string, string | RegExp]>([
  ["just talk", /^Hello from the simulated upstream ✓ You said: just talk$/],
  ["[[reply exactly this]]", "exactly this"],
  ["[[text 5000]]", /^.{5000}$/su],
  ["[[events 500]]", /^(word\d+ ){500}$/],
  ["[[unknown marker]]", /You said/],
  ["[[tool:not_offered x]]", /You said/],
])("%s", (asked, answer) => {
  expect(textOf(writeScript(asking("classicToolTurn", asked)))).toMatch(answer);
});

test("a demanded tool is called once, with arguments its schema accepts", () => {
  const body = asking("classicToolTurn", "hi");
  body["tool_choice"] = { type: "function", name: "write_stdin" };
  expect(writeScript(body).result).toMatchObject({ calls: [{ name: "write_stdin", input: '{"session_id":1}' }] });
  body["tool_choice"] = "required";
  expect(writeScript(body).result).toMatchObject({ calls: [{ name: "exec_command", input: '{"cmd":"demo"}' }] });
  body["tool_choice"] = "none";
  expect(writeScript(body).result.kind).toBe("text");
});

test("structured output fits its schema", () => {
  const schema = {
    type: "object",
    properties: { a: { type: "array", items: { enum: ["x"] } }, b: { anyOf: [{ type: "boolean" }, { type: "null" }] } },
    required: ["a", "b"],
  };
  const body = { ...asking("classicToolTurn", "hi"), text: { format: { type: "json_schema", name: "n", schema } } };
  expect(JSON.parse(textOf(writeScript(body)))).toEqual({ a: ["x"], b: true });
});

test("a compaction trigger yields a compaction and no reasoning", () => {
  const body = asking("liteTurn", "hi");
  body.input.push({ type: "compaction_trigger" });
  expect(writeScript(body)).toEqual({ reasoning: null, result: { kind: "compaction" } });
});

test("reasoning is there only when its ciphertext is asked for and thinking is on", () => {
  const body = asking("classicToolTurn", "hi");
  expect(writeScript(body).reasoning).toMatch(/^\*\*/);
  expect(writeScript({ ...body, include: [] }).reasoning).toBeNull();
  expect(writeScript({ ...body, reasoning: { effort: "none" } }).reasoning).toBeNull();
});

test("a message can ask for a pace", () => {
  expect([paceOf(asking("liteTurn", "[[pace 20]]")), paceOf(asking("liteTurn", "hi"))]).toEqual([20, 0]);
});

describe("several wishes", () => {
  const tools = [{ type: "function", name: "Bash", parameters: { type: "object" } }];
  const asked = (text: string) => ({ tools, input: [{ type: "message", role: "user", content: text }] });
  const commands = (text: string, more: object[] = []) => {
    const body = asked(text);
    const { result } = writeScript({ ...body, input: [...body.input, ...more] });
    return result.kind === "calls" ? result.calls.map(({ input }) => JSON.parse(input)["command"] as string) : [];
  };

  test("are worked off one after the other", () => {
    expect(commands("[[shell one]] [[shell two]]")).toEqual(["one"]);
    expect(commands("[[shell one]] [[shell two]]", [{ type: "function_call_output" }])).toEqual(["two"]);
  });

  test("are worked off in one answer when they are wished for together", () => {
    expect(commands("[[together]] [[shell one]] [[shell two]]")).toEqual(["one", "two"]);
  });

  test("are not forgotten when the client reminds the model of its rules", () => {
    const reminder = { role: "user", content: "<system-reminder>Be brief.</system-reminder>" };
    expect(commands("[[shell one]]", [reminder])).toEqual(["one"]);
  });
});
