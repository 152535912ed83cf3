// A Gemini client, as strict about the stream as Gemini CLI.

import type { Understood } from "../answer.ts";
import { count, type DialectClient, type Json, json, list, LOOK, text } from "./client.ts";

const ENDINGS: Readonly<Record<string, Understood["ending"]>> = { STOP: "done", MAX_TOKENS: "limit", SAFETY: "filter" };

export const geminiClient: DialectClient = {
  name: "gemini",
  request: ({ isStream }) => ({
    path: `/v1beta/models/gpt-5.5:${isStream ? "streamGenerateContent" : "generateContent"}`,
    query: isStream ? "?alt=sse" : "",
    body: {
      contents: [{ role: "user", parts: [{ text: "hi" }] }],
      tools: [{ functionDeclarations: [{ name: "look", parametersJsonSchema: LOOK }] }],
      generationConfig: { thinkingConfig: { includeThoughts: true } },
    },
  }),
  complaints(stream) {
    const wrong: string[] = [];
    // The SDK's own pattern: anything else between two pieces is a fault.
    const rest = stream.replaceAll(/data: .*\n\n/g, "");
    const isFailed = rest !== "";
    if (isFailed && json(parse(rest))["error"] === undefined)
      wrong.push(`has ${JSON.stringify(rest.slice(0, 60))} between its pieces`);
    if (/[\u2028\u2029]/.test(stream)) wrong.push("has characters that end a line inside a piece");
    if (/^(?:event:|:)/m.test(stream)) wrong.push("has names of events or comments");
    const told = piecesOf(stream);
    const finishes = told.filter((piece) => candidateOf(piece)["finishReason"] !== undefined);
    if (!isFailed && (finishes.length !== 1 || finishes[0] !== told.at(-1))) wrong.push("does not finish once, last");
    if (told.some((piece) => list(json(candidateOf(piece)["content"])["parts"]).some(isOddPart))) {
      wrong.push("has a part that says nothing or a call without a name");
    }
    if (!isFailed && told.at(-1)?.["usageMetadata"] === undefined) wrong.push("tells no usage at its end");
    if (new Set(told.map((piece) => `${text(piece["responseId"])} ${text(piece["modelVersion"])}`)).size > 1) {
      wrong.push("changes its id or model");
    }
    if (isFailed && finishes.length > 0) wrong.push("finishes although it failed");
    return wrong;
  },
  read: (stream) => understood(piecesOf(stream)),
  readReply: (reply) => understood([json(reply)]),
};

function isOddPart(part: Json): boolean {
  if (part["functionCall"] !== undefined) return text(json(part["functionCall"])["name"]) === "";
  return part["text"] === undefined && part["inlineData"] === undefined;
}

function parse(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
}

function piecesOf(stream: string): readonly Json[] {
  return Array.from(stream.matchAll(/data: (.*)\n\n/g), ([, data]) => json(parse(data ?? "")));
}

function candidateOf(piece: Json): Json {
  return list(piece["candidates"])[0] ?? {};
}

function understood(pieces: readonly Json[]): Understood {
  const parts = pieces.flatMap((piece) => list(json(candidateOf(piece)["content"])["parts"]));
  const calls = parts.flatMap((part) => (part["functionCall"] === undefined ? [] : [json(part["functionCall"])]));
  const finish = pieces.map((piece) => text(candidateOf(piece)["finishReason"])).find((reason) => reason !== "");
  const usage = pieces.findLast((piece) => piece["usageMetadata"] !== undefined);
  const words = (isThought: boolean) =>
    parts.filter((part) => (part["thought"] === true) === isThought).map((part) => text(part["text"]));
  return {
    thinking: words(true).join(""),
    text: words(false).join(""),
    calls: calls.map((call) => ({ name: text(call["name"]), args: json(call["args"]) })),
    ending: ENDINGS[finish ?? ""] ?? "error",
    spent: usage === undefined ? null : spentOf(json(usage["usageMetadata"])),
  };
}

function spentOf(usage: Json): Understood["spent"] {
  const reasoning = count(usage["thoughtsTokenCount"]);
  return {
    input: count(usage["promptTokenCount"]),
    cached: count(usage["cachedContentTokenCount"]),
    output: count(usage["candidatesTokenCount"]) + reasoning,
    reasoning,
  };
}
