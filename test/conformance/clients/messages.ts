// An Anthropic Messages client.

import type { Understood } from "../answer.ts";
import { parseSse } from "../sse.ts";
import { argsOf, count, type DialectClient, type Json, json, list, LOOK, text } from "./client.ts";

const ENDINGS: Readonly<Record<string, Understood["ending"]>> = {
  end_turn: "done",
  tool_use: "done",
  max_tokens: "limit",
  refusal: "filter",
};

export const messagesClient: DialectClient = {
  name: "messages",
  needsSeal: true,
  request: ({ isStream }) => ({
    path: "/v1/messages",
    query: "?beta=true",
    body: {
      model: "claude-opus-5-5",
      max_tokens: 4000,
      messages: [{ role: "user", content: "hi" }],
      tools: [{ name: "look", input_schema: LOOK }],
      thinking: { type: "enabled", budget_tokens: 1024 },
      ...(isStream ? { stream: true } : {}),
    },
  }),
  complaints,
  read,
  readReply: (reply) => {
    const message = json(reply);
    return understood(list(message["content"]), text(message["stop_reason"]), json(message["usage"]));
  },
};

function events(stream: string): readonly Json[] {
  return parseSse(stream).map(({ data }) => json(JSON.parse(data)));
}

function complaints(stream: string): string[] {
  const wrong: string[] = [];
  const named = parseSse(stream);
  for (const { name, data } of named) {
    if (json(JSON.parse(data))["type"] !== name) wrong.push(`an event called ${name} is of another type`);
  }
  const told = events(stream).filter((event) => event["type"] !== "ping");
  const types = told.map((event) => text(event["type"]));
  const isFailed = types.includes("error");
  if (types[0] !== "message_start" && types[0] !== "error") wrong.push(`begins with ${types[0]}`);
  if (types.filter((type) => type === "message_start").length > 1) wrong.push("begins twice");
  if (isFailed && types.at(-1) !== "error") wrong.push("goes on after its error");
  if (isFailed && types.includes("message_stop")) wrong.push("stops although it failed");
  if (!isFailed && types.slice(-2).join() !== "message_delta,message_stop")
    wrong.push("does not end with its delta and stop");
  if (types.filter((type) => type === "message_delta").length > 1) wrong.push("tells its end twice");
  wrong.push(...oddShapes(told));
  let open: number | null = null;
  let next = 0;
  for (const event of told) {
    const index = count(event["index"]);
    if (event["type"] === "content_block_start") {
      if (open !== null) wrong.push(`block ${index} begins while ${open} is open`);
      if (index !== next) wrong.push(`block ${index} comes where ${next} should`);
      open = index;
      next += 1;
    } else if (event["type"] === "content_block_delta" && open !== index)
      wrong.push(`a delta of block ${index}, which is not open`);
    else if (event["type"] === "content_block_stop") {
      if (open !== index) wrong.push(`block ${index} stops, which is not open`);
      open = null;
    } else if (event["type"] === "message_delta" && open !== null) wrong.push(`ends while block ${open} is open`);
  }
  return wrong;
}

/** What stands in deltas of blocks of each type. */
const DELTAS: Readonly<Record<string, readonly string[]>> = {
  text: ["text_delta", "citations_delta"],
  thinking: ["thinking_delta", "signature_delta"],
  tool_use: ["input_json_delta"],
  server_tool_use: ["input_json_delta"],
};

function oddShapes(told: readonly Json[]): string[] {
  const wrong: string[] = [];
  let kind = "";
  let isSigned = false;
  for (const event of told) {
    const delta = text(json(event["delta"])["type"]);
    if (event["type"] === "message_start") {
      const message = json(event["message"]);
      const isWhole =
        message["role"] === "assistant" && Array.isArray(message["content"]) && text(message["id"]) !== "";
      if (!isWhole || json(message["usage"])["input_tokens"] === undefined) wrong.push("begins with half a message");
    } else if (event["type"] === "content_block_start") {
      const block = json(event["content_block"]);
      kind = text(block["type"]);
      isSigned = false;
      if (kind === "tool_use" && (text(block["id"]) === "" || text(block["name"]) === ""))
        wrong.push("a call is nameless");
    } else if (event["type"] === "content_block_delta") {
      if (DELTAS[kind]?.includes(delta) !== true) wrong.push(`a block of ${kind} has a ${delta}`);
      if (isSigned) wrong.push(`a ${delta} follows the signature`);
      isSigned = delta === "signature_delta";
    } else if (event["type"] === "message_delta" && json(event["usage"])["output_tokens"] === undefined) {
      wrong.push("tells no usage at its end");
    }
  }
  return wrong;
}

function read(stream: string): Understood {
  const blocks: Record<string, unknown>[] = [];
  let usage: Json = {};
  let stop = "";
  for (const event of events(stream)) {
    const block = blocks[count(event["index"])];
    const delta = json(event["delta"]);
    if (event["type"] === "content_block_start") blocks.push({ ...json(event["content_block"]), json: "" });
    if (event["type"] === "content_block_delta" && block !== undefined) {
      for (const [field, key] of [
        ["text", "text"],
        ["thinking", "thinking"],
        ["partial_json", "json"],
        ["signature", "signature"],
      ] as const) {
        block[key] = text(block[key]) + text(delta[field]);
      }
    }
    if (event["type"] === "content_block_stop" && block?.["type"] === "tool_use")
      block["input"] = argsOf(text(block["json"]));
    if (event["type"] === "message_delta") {
      stop = text(delta["stop_reason"]);
      usage = json(event["usage"]);
    }
  }
  return understood(blocks, stop, usage);
}

function understood(blocks: readonly Json[], stop: string, usage: Json): Understood {
  const of = (type: string) => blocks.filter((block) => block["type"] === type);
  const cached = count(usage["cache_read_input_tokens"]);
  const input = count(usage["input_tokens"]) + cached + count(usage["cache_creation_input_tokens"]);
  return {
    thinking: of("thinking")
      .map((block) => text(block["thinking"]))
      .join(""),
    text: of("text")
      .map((block) => text(block["text"]))
      .join(""),
    calls: of("tool_use").map((block) => ({ name: text(block["name"]), args: json(block["input"]) })),
    ending: ENDINGS[stop] ?? "error",
    // Reasoning is part of the output and not told apart.
    spent: stop === "" ? null : { input, cached, output: count(usage["output_tokens"]), reasoning: 0 },
  };
}
