// Requests of Chat Completions.

import { argsOf, type Json, json, list, text } from "../clients/client.ts";
import { FORM, PDF, PNG, Reading, type Saying, TOOL } from "../question.ts";
import { BEGINNING, type Speaker, turnsOf } from "./speaker.ts";

const picture = `data:image/png;base64,${PNG}`;
const document = `data:application/pdf;base64,${PDF}`;

export const chatSpeaker: Speaker = {
  name: "chat",
  showsBehind: true,
  write({ said, hasTool, mustCall, hasSchema }) {
    const { name, description, schema } = TOOL;
    const body = {
      model: "gpt-5.5",
      messages: turnsOf(said, ({ who }) => who).flatMap((turn) => messagesOf(turn.who, turn.said)),
      ...(hasTool === true
        ? { tools: [{ type: "function", function: { name, description, parameters: schema } }] }
        : {}),
      ...(mustCall === true ? { tool_choice: "required" } : {}),
      ...(hasSchema === true
        ? { response_format: { type: "json_schema", json_schema: { name: "point", schema: FORM, strict: true } } }
        : {}),
    };
    return { path: "/v1/chat/completions", query: "", body };
  },
  cannotAsk: ({ said }) =>
    said.some((saying) => saying.who === "tool" && saying.shows !== undefined)
      ? "has only text for what tools give"
      : null,
  goOn(reply, gave) {
    const { body, ...target } = chatSpeaker.write(BEGINNING);
    const message = json(list(reply["choices"])[0]?.["message"]);
    const result = { role: "tool", tool_call_id: list(message["tool_calls"])[0]?.["id"], content: gave };
    const messages = [...list(json(body)["messages"]), message, result];
    return { ...target, body: { ...body, reasoning_effort: "high", messages } };
  },
  read(body) {
    const reading = new Reading();
    for (const message of list(body["messages"])) readMessage(message, reading);
    for (const { function: declared } of list(body["tools"])) {
      const tool = json(declared);
      reading.tool(text(tool["name"]), text(tool["description"]), tool["parameters"]);
    }
    if (body["tool_choice"] === "required") reading.mustCall();
    const format = json(body["response_format"]);
    if (format["type"] === "json_schema") reading.schema(json(format["json_schema"])["schema"]);
    return reading.lines;
  },
};

function messagesOf(who: Saying["who"], said: readonly Saying[]): object[] {
  if (who === "tool") {
    return said.flatMap((saying) => {
      return saying.who === "tool" ? [{ role: "tool", tool_call_id: saying.of, content: saying.gave }] : [];
    });
  }
  const words = said.flatMap((saying) => ("text" in saying ? [saying.text] : []));
  if (who === "system") return [{ role: "system", content: words.join("\n") }];
  if (who === "user") return [{ role: "user", content: said.map(partOf) }];
  const tool_calls = said.flatMap((saying) => {
    if (!("call" in saying)) return [];
    const { call, name, args } = saying;
    return [{ id: call, type: "function", function: { name, arguments: JSON.stringify(args) } }];
  });
  const content = words.length === 0 ? null : words.join("");
  return [{ role: "assistant", content, ...(tool_calls.length === 0 ? {} : { tool_calls }) }];
}

function partOf(saying: Saying): object {
  if (!("shows" in saying)) return { type: "text", text: "text" in saying ? saying.text : "" };
  return saying.shows === "picture"
    ? { type: "image_url", image_url: { url: picture } }
    : { type: "file", file: { filename: "a.pdf", file_data: document } };
}

function readMessage(message: Json, reading: Reading): void {
  const { role, content } = message;
  const words =
    text(content) +
    list(content)
      .map((part) => text(part["text"]))
      .join("");
  if (role === "tool") {
    reading.gave(text(message["tool_call_id"]), words, 0);
    return;
  }
  const who = role === "assistant" ? "model" : role === "user" ? "user" : "system";
  reading.says(who, text(content));
  for (const part of list(content)) reading.says(who, shownBy(part));
  for (const call of list(message["tool_calls"])) {
    const called = json(call["function"]);
    reading.calls({ call: text(call["id"]), name: text(called["name"]), args: argsOf(text(called["arguments"])) });
  }
}

function shownBy(part: Json): string {
  if (json(part["image_url"])["url"] === picture) return "(picture)";
  return json(part["file"])["file_data"] === document ? "(document)" : text(part["text"]);
}
