// Requests of the Responses API.

import { argsOf, type Json, json, list, text } from "../clients/client.ts";
import { FORM, PDF, PNG, Reading, type Saying, TOOL } from "../question.ts";
import { BEGINNING, type Speaker, systemOf } from "./speaker.ts";

const picture = { type: "input_image", image_url: `data:image/png;base64,${PNG}` };
const document = { type: "input_file", filename: "a.pdf", file_data: `data:application/pdf;base64,${PDF}` };

export const responsesSpeaker: Speaker = {
  name: "responses",
  write(question) {
    const { name, description, schema } = TOOL;
    const system = systemOf(question);
    const body = {
      model: "gpt-5.5",
      ...(system === "" ? {} : { instructions: system }),
      input: question.said.filter(({ who }) => who !== "system").map(itemOf),
      ...(question.hasTool === true
        ? { tools: [{ type: "function", name, description, parameters: schema, strict: false }] }
        : {}),
      ...(question.mustCall === true ? { tool_choice: "required" } : {}),
      ...(question.hasSchema === true
        ? { text: { format: { type: "json_schema", name: "point", schema: FORM, strict: true } } }
        : {}),
    };
    return { path: "/v1/responses", query: "", body };
  },
  goOn(reply, gave) {
    const { body, ...target } = responsesSpeaker.write(BEGINNING);
    const output = list(reply["output"]);
    const call_id = output.find((item) => item["type"] === "function_call")?.["call_id"];
    const input = [...list(json(body)["input"]), ...output, { type: "function_call_output", call_id, output: gave }];
    return { ...target, body: { ...body, reasoning: { effort: "high" }, input } };
  },
  read(body) {
    const reading = new Reading();
    reading.says("system", text(body["instructions"]));
    for (const item of list(body["input"])) readItem(item, reading);
    for (const tool of list(body["tools"])) {
      reading.tool(text(tool["name"]), text(tool["description"]), tool["parameters"]);
    }
    if (body["tool_choice"] === "required") reading.mustCall();
    const format = json(json(body["text"])["format"]);
    if (format["type"] === "json_schema") reading.schema(format["schema"]);
    return reading.lines;
  },
};

function itemOf(saying: Saying): object {
  if (saying.who === "tool") {
    const { of, gave, shows } = saying;
    const output = shows === undefined ? gave : [{ type: "input_text", text: gave }, picture];
    return { type: "function_call_output", call_id: of, output };
  }
  if ("call" in saying) {
    return { type: "function_call", call_id: saying.call, name: saying.name, arguments: JSON.stringify(saying.args) };
  }
  const role = saying.who === "model" ? "assistant" : saying.who;
  if ("shows" in saying) return { type: "message", role, content: [saying.shows === "picture" ? picture : document] };
  const type = role === "assistant" ? "output_text" : "input_text";
  return { type: "message", role, content: [{ type, text: saying.text }] };
}

function readItem(item: Json, reading: Reading): void {
  const { type = "message", role, call_id, name, output } = item;
  if (type === "function_call") {
    reading.calls({ call: text(call_id), name: text(name), args: argsOf(text(item["arguments"])) });
  } else if (type === "function_call_output") {
    const parts = list(output);
    const shown = parts.filter((part) => part["image_url"] === picture.image_url);
    reading.gave(text(call_id), text(output) + parts.map((part) => text(part["text"])).join(""), shown.length);
  } else if (type === "message") {
    const who = role === "assistant" ? "model" : role === "user" ? "user" : "system";
    reading.says(who, text(item["content"]));
    for (const part of list(item["content"])) reading.says(who, partOf(part));
  } else reading.says("odd", text(type));
}

function partOf(part: Json): string {
  if (part["image_url"] === picture.image_url) return "(picture)";
  if (part["file_data"] === document.file_data) return "(document)";
  return text(part["text"]);
}
