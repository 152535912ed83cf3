// The Messages API.

import type { Answer } from "../answer.ts";
import { pieces, sse } from "../sse.ts";
import { type DialectUpstream, MODEL } from "./upstream.ts";

interface Block {
  readonly start: { readonly type: string; readonly [field: string]: unknown };
  readonly deltas: readonly object[];
  readonly whole: object;
}

const STOPS = { done: "end_turn", limit: "max_tokens", filter: "refusal", cut: null, error: null } as const;

export const messagesUpstream: DialectUpstream = {
  name: "messages",
  stream(answer) {
    const usage = usageOf(answer);
    const message = {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: MODEL,
      content: [],
      usage: { ...usage, output_tokens: 1 },
    };
    const blocks = blocksOf(answer).flatMap(({ start, deltas }, index) => [
      { type: "content_block_start", index, content_block: start },
      ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
      { type: "content_block_stop", index },
    ]);
    const stop_reason = stopOf(answer);
    const end =
      stop_reason === null
        ? []
        : [
            {
              type: "message_delta",
              delta: { stop_reason, stop_sequence: null },
              usage: { output_tokens: usage.output_tokens },
            },
            { type: "message_stop" },
          ];
    const failure = answer.ending === "error" ? [{ type: "error", error: { type: "api_error", message: "no" } }] : [];
    return sse([
      { type: "message_start", message } as { type: string },
      { type: "ping" },
      ...blocks,
      ...end,
      ...failure,
    ]);
  },
  reply(answer) {
    const stop_reason = stopOf(answer);
    if (stop_reason === null) return null;
    const content = blocksOf(answer).map(({ whole }) => whole);
    return {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: MODEL,
      content,
      stop_reason,
      usage: usageOf(answer),
    };
  },
  cannotSay: ({ spent }) => (spent.reasoning > 0 ? "does not tell the tokens of thinking apart" : null),
};

function blocksOf({ thinking, text, calls }: Answer): Block[] {
  const signature = "c2lnbmF0dXJl";
  const thought: Block = {
    start: { type: "thinking", thinking: "", signature: "" },
    deltas: [
      ...pieces(thinking, 3).map((piece) => ({ type: "thinking_delta", thinking: piece })),
      { type: "signature_delta", signature },
    ],
    whole: { type: "thinking", thinking, signature },
  };
  const said: Block = {
    start: { type: "text", text: "" },
    deltas: pieces(text, 4).map((piece) => ({ type: "text_delta", text: piece })),
    whole: { type: "text", text },
  };
  const called = calls.map(({ name, args }, at): Block => {
    const use = { type: "tool_use", id: `toolu_${at}`, name };
    const json = Object.keys(args).length === 0 ? "" : JSON.stringify(args);
    return {
      start: { ...use, input: {} },
      deltas: pieces(json, 5).map((partial_json) => ({ type: "input_json_delta", partial_json })),
      whole: { ...use, input: args },
    };
  });
  return [...(thinking === "" ? [] : [thought]), ...(text === "" ? [] : [said]), ...called];
}

function stopOf({ ending, calls }: Answer): string | null {
  const stop = STOPS[ending];
  return stop === "end_turn" && calls.length > 0 ? "tool_use" : stop;
}

function usageOf({ spent }: Answer) {
  return {
    input_tokens: spent.input - spent.cached,
    cache_read_input_tokens: spent.cached,
    cache_creation_input_tokens: 0,
    output_tokens: spent.output,
  };
}
