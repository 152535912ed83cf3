// Requests on their way through a format and back: what was asked for stays what it was, and so do the bytes.

import { describe, expect, test } from "vitest";
import type { InternalRequest, Item } from "../../src/wire/internal.ts";
import { protocols } from "../../src/wire/protocols.ts";
import { upstreamFormats } from "../../src/wire/upstream-formats.ts";
import { clientSides } from "./registries.ts";
import { ask } from "./way.ts";

const PNG = "data:image/png;base64,iVBORw0KGgo=";
const PDF = "data:application/pdf;base64,JVBERi0xLjQK";

const user = (...content: readonly object[]): Item => ({ type: "message", role: "user", content });
const words = (text: string) => ({ type: "input_text", text });
const said = (text: string): Item => ({ type: "message", role: "assistant", content: [{ type: "output_text", text }] });
const call = (id: string, name: string, args: object): Item => {
  return { type: "function_call", call_id: id, name, arguments: JSON.stringify(args) };
};
const output = (id: string, text: string): Item => ({ type: "function_call_output", call_id: id, output: text });
const look = {
  type: "function",
  name: "look",
  description: "Looks at a file.",
  parameters: { type: "object", properties: { at: { type: "string" } }, required: ["at"] },
  strict: false,
};
const schema = {
  type: "object",
  properties: { x: { type: "number" } },
  required: ["x"],
  additionalProperties: false,
};

const requests: Readonly<Record<string, Partial<InternalRequest>>> = {
  text: { input: [user(words("hi"))] },
  "instructions and several turns": {
    instructions: "You help.",
    input: [user(words("hi")), said("Hello."), user(words("and now?"))],
  },
  "a picture": { input: [user(words("look"), { type: "input_image", image_url: PNG })] },
  "a document": { input: [user(words("read"), { type: "input_file", filename: "a.pdf", file_data: PDF })] },
  tools: { input: [user(words("look"))], tools: [look], tool_choice: "auto", parallel_tool_calls: true },
  "a tool that has to be called": { input: [user(words("look"))], tools: [look], tool_choice: "required" },
  "calls side by side and their results": {
    input: [
      user(words("look at both")),
      said("I look."),
      call("call_1", "look", { at: "a" }),
      call("call_2", "look", { at: "b" }),
      output("call_1", "one"),
      output("call_2", "two"),
      user(words("and?")),
    ],
    tools: [look],
  },
  "an answer by a schema": {
    input: [user(words("a point"))],
    text: { format: { type: "json_schema", name: "output", schema, strict: true } },
  },
  effort: { input: [user(words("think"))], reasoning: { effort: "high" } },
};

describe.each(upstreamFormats)("$name", (format) => {
  const protocol = protocols.find(({ name }) => name === format.name);

  test.each(Object.entries(requests))("asks the same after there and back: %s", (_name, request) => {
    const first = format.request({ model: "gpt-5.5", input: [], ...request });
    const [path = "", query = ""] = first.path.split(/(?=\?)/);
    const translated = protocol?.translate?.(Buffer.from(JSON.stringify(first.body)), { path, query });
    if (translated?.ok !== true) throw new Error(JSON.stringify(translated));
    const { request: again } = translated.translation;
    const second = format.request({ model: "gpt-5.5", ...again, input: again.input });
    expect(withoutDefaults(second.body)).toEqual(withoutDefaults(first.body));
  });

  test.each(Object.entries(requests))("has the same bytes every time: %s", (_name, request) => {
    const tell = (): string => JSON.stringify(format.request({ model: "gpt-5.5", input: [], ...request }));
    expect(tell()).toBe(tell());
  });
});

test.each(clientSides)("a request of $protocol.name can be sent to every upstream", ({ protocol, client }) => {
  const { request } = ask(protocol, client, true);
  for (const format of upstreamFormats) expect(format.request(request).path).toMatch(/^\//);
});

/** What one side states that the other takes as understood. */
function withoutDefaults(body: Readonly<Record<string, unknown>>): object {
  const { tool_choice: choice, parallel_tool_calls: parallel, ...rest } = body;
  const isStated = choice !== undefined && choice !== "auto" && (choice as { type?: string }).type !== "auto";
  return { ...rest, ...(isStated ? { choice } : {}), ...(parallel === false ? { parallel } : {}) };
}
