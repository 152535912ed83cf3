// A Chat Completions client.

import type { Understood } from "../answer.ts";
import { parseSse } from "../sse.ts";
import { argsOf, count, type DialectClient, type Json, json, list, LOOK, text } from "./client.ts";

const ENDINGS: Readonly<Record<string, Understood["ending"]>> = {
  stop: "done",
  tool_calls: "done",
  length: "limit",
  content_filter: "filter",
};

export const chatClient: DialectClient = {
  name: "chat",
  request: ({ isStream }) => ({
    path: "/v1/chat/completions",
    query: "",
    body: {
      model: "gpt-5.5",
      messages: [{ role: "user", content: "hi" }],
      tools: [{ type: "function", function: { name: "look", parameters: LOOK } }],
      ...(isStream ? { stream: true, stream_options: { include_usage: true } } : {}),
    },
  }),
  complaints,
  read,
  readReply(reply) {
    const answer = json(reply);
    const [choice] = list(answer["choices"]);
    const message = json(choice?.["message"]);
    return {
      thinking: text(message["reasoning_content"]),
      text: text(message["content"]) + text(message["refusal"]),
      calls: list(message["tool_calls"]).map((call) => callOf(json(call["function"]))),
      ending: endingOf(text(choice?.["finish_reason"]), text(message["refusal"])),
      spent: spentOf(answer["usage"]),
    };
  },
};

function complaints(stream: string): string[] {
  const wrong: string[] = [];
  const events = parseSse(stream);
  const chunks = events.filter(({ data }) => data !== "[DONE]").map(({ data }) => json(JSON.parse(data)));
  const isFailed = chunks.some((chunk) => chunk["error"] !== undefined);
  if (events.at(-1)?.data !== "[DONE]") wrong.push("does not end with [DONE]");
  if (events.filter(({ data }) => data === "[DONE]").length > 1) wrong.push("ends twice");
  const told = chunks.filter((chunk) => chunk["error"] === undefined);
  if (new Set(told.map(({ id, model, created }) => `${text(id)} ${text(model)} ${count(created)}`)).size > 1) {
    wrong.push("changes its id, model or time");
  }
  if (told.some((chunk) => chunk["object"] !== "chat.completion.chunk")) wrong.push("has something that is no chunk");
  const choices = told.flatMap((chunk) => list(chunk["choices"]));
  const roles = choices.filter((choice) => json(choice["delta"])["role"] !== undefined);
  if (roles.length > 1 || (choices.length > 0 && roles[0] !== choices[0]))
    wrong.push("does not tell its role once, first");
  const finishes = choices.filter((choice) => choice["finish_reason"] != null);
  if (!isFailed && (finishes.length !== 1 || finishes[0] !== choices.at(-1))) wrong.push("does not finish once, last");
  if (isFailed && finishes.length > 0) wrong.push("finishes although it failed");
  if (isFailed && chunks.at(-1)?.["error"] === undefined) wrong.push("goes on after its error");
  if (!isFailed && spentOf(chunks.at(-1)?.["usage"]) === null) wrong.push("tells no usage at its end");
  // The client has asked for the usage: it stands in every chunk, and counts only in the last, which holds nothing else.
  const counted = told.filter((chunk) => spentOf(chunk["usage"]) !== null);
  if (told.some((chunk) => chunk["usage"] === undefined)) wrong.push("leaves the usage out of a chunk");
  if (counted.length > 1 || counted.some((chunk) => list(chunk["choices"]).length > 0)) {
    wrong.push("tells its usage elsewhere than in a chunk of its own");
  }
  const seen = new Set<number>();
  for (const call of choices.flatMap((choice) => list(json(choice["delta"])["tool_calls"]))) {
    const index = count(call["index"]);
    const isFirst = !seen.has(index);
    seen.add(index);
    if (isFirst !== (text(call["id"]) !== "")) wrong.push(`call ${index} has its id not once, first`);
  }
  return wrong;
}

function read(stream: string): Understood {
  const chunks = parseSse(stream).flatMap(({ data }) => (data === "[DONE]" ? [] : [json(JSON.parse(data))]));
  const choices = chunks.flatMap((chunk) => list(chunk["choices"]));
  const deltas = choices.map((choice) => json(choice["delta"]));
  const calls = new Map<number, { name: string; arguments: string }>();
  for (const call of deltas.flatMap((delta) => list(delta["tool_calls"]))) {
    const known = calls.get(count(call["index"])) ?? { name: "", arguments: "" };
    calls.set(count(call["index"]), known);
    known.name += text(json(call["function"])["name"]);
    known.arguments += text(json(call["function"])["arguments"]);
  }
  const refusal = deltas.map((delta) => text(delta["refusal"])).join("");
  const finish = choices.map((choice) => text(choice["finish_reason"])).find((reason) => reason !== "");
  return {
    thinking: deltas.map((delta) => text(delta["reasoning_content"])).join(""),
    text: deltas.map((delta) => text(delta["content"])).join("") + refusal,
    calls: Array.from(calls.values(), callOf),
    ending: endingOf(finish ?? "", refusal),
    spent: chunks.map((chunk) => spentOf(chunk["usage"])).findLast((spent) => spent !== null) ?? null,
  };
}

/** Whoever is refused is told so in a field of its own, and that the model has stopped. */
function endingOf(finish: string, refusal: string): Understood["ending"] {
  return finish === "stop" && refusal !== "" ? "filter" : (ENDINGS[finish] ?? "error");
}

function callOf(called: Json) {
  return { name: text(called["name"]), args: argsOf(text(called["arguments"])) };
}

function spentOf(value: unknown): Understood["spent"] {
  if (value === null || value === undefined) return null;
  const usage = json(value);
  return {
    input: count(usage["prompt_tokens"]),
    cached: count(json(usage["prompt_tokens_details"])["cached_tokens"]),
    output: count(usage["completion_tokens"]),
    reasoning: count(json(usage["completion_tokens_details"])["reasoning_tokens"]),
  };
}
