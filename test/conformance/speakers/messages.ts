// Requests of the Messages API.

import { type Json, json, list, text } from "../clients/client.ts";
import { FORM, PDF, PNG, Reading, type Saying, TOOL } from "../question.ts";
import { BEGINNING, type Speaker, systemOf, turnsOf } from "./speaker.ts";

const picture = { type: "image", source: { type: "base64", media_type: "image/png", data: PNG } };
const document = { type: "document", source: { type: "base64", media_type: "application/pdf", data: PDF } };

export const messagesSpeaker: Speaker = {
  name: "messages",
  write(question) {
    const { said, hasTool, mustCall, hasSchema } = question;
    const { name, description, schema } = TOOL;
    const system = systemOf(question);
    const spoken = said.filter(({ who }) => who !== "system");
    const turns = turnsOf(spoken, ({ who }) => (who === "model" ? "assistant" : "user"));
    const body = {
      model: "claude-opus-5-5",
      max_tokens: 4000,
      ...(system === "" ? {} : { system }),
      messages: turns.map((turn) => ({ role: turn.who, content: turn.said.map(blockOf) })),
      ...(hasTool === true ? { tools: [{ name, description, input_schema: schema }] } : {}),
      ...(mustCall === true ? { tool_choice: { type: "any" } } : {}),
      ...(hasSchema === true ? { output_config: { format: { type: "json_schema", schema: FORM } } } : {}),
    };
    return { path: "/v1/messages", query: "", body };
  },
  goOn(reply, gave) {
    const { body, ...target } = messagesSpeaker.write(BEGINNING);
    const content = list(reply["content"]);
    const tool_use_id = content.find(({ type }) => type === "tool_use")?.["id"];
    const result = { role: "user", content: [{ type: "tool_result", tool_use_id, content: gave }] };
    const messages = [...list(json(body)["messages"]), { role: "assistant", content }, result];
    return { ...target, body: { ...body, thinking: { type: "enabled", budget_tokens: 1024 }, messages } };
  },
  read(body) {
    const reading = new Reading();
    const { system } = body;
    reading.says(
      "system",
      text(system) +
        list(system)
          .map((block) => text(block["text"]))
          .join("\n"),
    );
    for (const { role, content } of list(body["messages"])) {
      const who = role === "assistant" ? "model" : "user";
      reading.says(who, text(content));
      for (const block of list(content)) readBlock(block, who, reading);
    }
    for (const tool of list(body["tools"])) {
      reading.tool(text(tool["name"]), text(tool["description"]), tool["input_schema"]);
    }
    if (json(body["tool_choice"])["type"] === "any") reading.mustCall();
    const format = json(json(body["output_config"])["format"]);
    if (format["type"] === "json_schema") reading.schema(format["schema"]);
    return reading.lines;
  },
};

function blockOf(saying: Saying): object {
  if (saying.who === "tool") {
    const shown = saying.shows === undefined ? [] : [picture];
    return { type: "tool_result", tool_use_id: saying.of, content: [{ type: "text", text: saying.gave }, ...shown] };
  }
  if ("call" in saying) return { type: "tool_use", id: saying.call, name: saying.name, input: saying.args };
  if ("shows" in saying) return saying.shows === "picture" ? picture : document;
  return { type: "text", text: saying.text };
}

function readBlock(block: Json, who: string, reading: Reading): void {
  const { type, content, input } = block;
  const source = json(block["source"]);
  if (type === "tool_use") reading.calls({ call: text(block["id"]), name: text(block["name"]), args: json(input) });
  else if (type === "tool_result") {
    const parts = list(content);
    const words = text(content) + parts.map((part) => text(part["text"])).join("");
    const shown = parts.filter((part) => json(part["source"])["data"] === PNG);
    reading.gave(text(block["tool_use_id"]), words, shown.length);
  } else if (source["data"] === PNG) reading.says(who, "(picture)");
  else if (source["data"] === PDF) reading.says(who, "(document)");
  else reading.says(who, text(block["text"]));
}
