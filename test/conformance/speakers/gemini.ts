// Requests of the Gemini API.

import { type Json, json, list, text } from "../clients/client.ts";
import { FORM, PDF, PNG, Reading, type Saying, TOOL } from "../question.ts";
import { BEGINNING, type Speaker, systemOf, turnsOf } from "./speaker.ts";

const picture = { inlineData: { mimeType: "image/png", data: PNG } };
const document = { inlineData: { mimeType: "application/pdf", data: PDF } };

export const geminiSpeaker: Speaker = {
  name: "gemini",
  // Only the newest models take them as part of it.
  showsBehind: true,
  write(question) {
    const { said, hasTool, mustCall, hasSchema } = question;
    const { name, description, schema } = TOOL;
    const system = systemOf(question);
    const spoken = said.filter(({ who }) => who !== "system");
    const turns = turnsOf(spoken, ({ who }) => (who === "model" ? "model" : "user"));
    const body = {
      ...(system === "" ? {} : { systemInstruction: { parts: [{ text: system }] } }),
      contents: turns.map((turn) => ({ role: turn.who, parts: turn.said.map(partOf) })),
      ...(hasTool === true
        ? { tools: [{ functionDeclarations: [{ name, description, parametersJsonSchema: schema }] }] }
        : {}),
      ...(mustCall === true ? { toolConfig: { functionCallingConfig: { mode: "ANY" } } } : {}),
      ...(hasSchema === true
        ? { generationConfig: { responseMimeType: "application/json", responseJsonSchema: FORM } }
        : {}),
    };
    return { path: "/v1beta/models/gpt-5.5:generateContent", query: "", body };
  },
  goOn(reply, gave) {
    const { body, ...target } = geminiSpeaker.write(BEGINNING);
    const content = json(list(reply["candidates"])[0]?.["content"]);
    const { id, name } =
      list(content["parts"])
        .map((part) => json(part["functionCall"]))
        .find((call) => call["name"] !== undefined) ?? {};
    const result = { role: "user", parts: [{ functionResponse: { id, name, response: { output: gave } } }] };
    const contents = [...list(json(body)["contents"]), content, result];
    const generationConfig = { thinkingConfig: { includeThoughts: true, thinkingLevel: "high" } };
    return { ...target, body: { ...body, generationConfig, contents } };
  },
  read(body) {
    const reading = new Reading();
    const system = json(body["systemInstruction"] ?? body["system_instruction"]);
    reading.says(
      "system",
      list(system["parts"])
        .map((part) => text(part["text"]))
        .join("\n"),
    );
    for (const { role, parts } of list(body["contents"])) {
      for (const part of list(parts)) readPart(part, role === "model" ? "model" : "user", reading);
    }
    for (const tool of list(body["tools"]).flatMap((each) => list(each["functionDeclarations"]))) {
      const schema = tool["parametersJsonSchema"] ?? tool["parameters"];
      reading.tool(text(tool["name"]), text(tool["description"]), schema);
    }
    if (json(json(body["toolConfig"])["functionCallingConfig"])["mode"] === "ANY") reading.mustCall();
    const generation = json(body["generationConfig"]);
    const schema = generation["responseJsonSchema"] ?? generation["responseSchema"];
    if (schema !== undefined) reading.schema(schema);
    return reading.lines;
  },
};

function partOf(saying: Saying): object {
  if (saying.who === "tool") {
    const { of, name, gave, shows } = saying;
    const parts = shows === undefined ? {} : { parts: [picture] };
    return { functionResponse: { id: of, name, response: { output: gave }, ...parts } };
  }
  if ("call" in saying) return { functionCall: { id: saying.call, name: saying.name, args: saying.args } };
  if ("shows" in saying) return saying.shows === "picture" ? picture : document;
  return { text: saying.text };
}

function readPart(part: Json, who: string, reading: Reading): void {
  const { functionCall, functionResponse, inlineData } = part;
  const called = json(functionCall);
  const given = json(functionResponse);
  if (functionCall !== undefined) {
    reading.calls({ call: text(called["id"]), name: text(called["name"]), args: json(called["args"]) });
  } else if (functionResponse !== undefined) {
    const response = json(given["response"]);
    const shown = list(given["parts"]).filter((each) => json(each["inlineData"])["data"] === PNG);
    reading.gave(text(given["id"]), text(response["output"] ?? response["result"]), shown.length);
  } else if (json(inlineData)["data"] === PNG) reading.says(who, "(picture)");
  else if (json(inlineData)["data"] === PDF) reading.says(who, "(document)");
  else reading.says(who, text(part["text"]));
}
