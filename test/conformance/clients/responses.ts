// A Responses client: an SDK, which reads the finished answer from the last event.

import type { Understood } from "../answer.ts";
import { parseSse } from "../sse.ts";
import { argsOf, count, type DialectClient, type Json, json, list, LOOK, text } from "./client.ts";

const TERMINALS = new Set(["response.completed", "response.incomplete", "response.failed", "error"]);

export const responsesClient: DialectClient = {
  name: "responses",
  request: ({ isStream }) => ({
    path: "/v1/responses",
    query: "",
    body: {
      model: "gpt-5.5",
      input: "hi",
      tools: [{ type: "function", name: "look", parameters: LOOK }],
      ...(isStream ? { stream: true } : {}),
    },
  }),
  complaints(stream) {
    const wrong: string[] = [];
    const events = parseSse(stream);
    const types = events.map(({ data }) => text(json(JSON.parse(data))["type"]));
    for (const [at, { name }] of events.entries()) if (name !== types[at]) wrong.push(`${types[at]} is called ${name}`);
    if (types.filter((type) => TERMINALS.has(type)).length !== 1) wrong.push("does not end once");
    if (!TERMINALS.has(types.at(-1) ?? "")) wrong.push(`ends with ${types.at(-1)}`);
    if (types.some((type) => type.startsWith("codex."))) wrong.push("has events of a vendor");
    wrong.push(...oddNumbers(events.map(({ data }) => json(JSON.parse(data)))));
    return wrong;
  },
  read(stream) {
    const last = parseSse(stream).at(-1);
    return understood(json(json(JSON.parse(last?.data ?? "{}"))["response"]));
  },
  readReply: (reply) => understood(json(reply)),
};

/** Events are numbered upwards, where they are numbered, and tell of items that are on their way. */
function oddNumbers(events: readonly Json[]): string[] {
  const numbers = events.map((event) => event["sequence_number"]).filter((number) => typeof number === "number");
  const done = new Set<unknown>();
  const late = events.filter((event) => {
    const index = event["output_index"];
    const isLate = index !== undefined && done.has(index);
    if (event["type"] === "response.output_item.done") done.add(index);
    return isLate;
  });
  return [
    ...(numbers.some((number, at) => at > 0 && number <= (numbers[at - 1] ?? 0)) ? ["counts backwards"] : []),
    ...late.map((event) => `${text(event["type"])} comes behind the end of its item`),
  ];
}

function understood(response: Json): Understood {
  const items = list(response["output"]);
  const of = (type: string) => items.filter((item) => item["type"] === type);
  return {
    thinking: of("reasoning")
      .flatMap((item) => list(item["summary"]).map((part) => text(part["text"])))
      .join("\n\n"),
    text: of("message")
      .flatMap((item) => list(item["content"]).map((part) => text(part["text"]) + text(part["refusal"])))
      .join(""),
    calls: of("function_call").map((item) => ({
      name: text(item["name"]),
      args: argsOf(text(item["arguments"])),
    })),
    ending: hasRefusal(items) ? "filter" : endingOf(response),
    spent: response["usage"] == null ? null : spentOf(json(response["usage"])),
  };
}

function hasRefusal(items: readonly Json[]): boolean {
  return items.some((item) => list(item["content"]).some((part) => part["type"] === "refusal"));
}

function endingOf(response: Json): Understood["ending"] {
  if (response["status"] === "completed") return "done";
  if (response["status"] !== "incomplete") return "error";
  return json(response["incomplete_details"])["reason"] === "content_filter" ? "filter" : "limit";
}

function spentOf(usage: Json): Understood["spent"] {
  return {
    input: count(usage["input_tokens"]),
    cached: count(json(usage["input_tokens_details"])["cached_tokens"]),
    output: count(usage["output_tokens"]),
    reasoning: count(json(usage["output_tokens_details"])["reasoning_tokens"]),
  };
}
