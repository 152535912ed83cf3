// The ChatGPT backend: its output is empty in the last event, and events of its own stand in between.

import type { Answer } from "../answer.ts";
import { pieces, sse } from "../sse.ts";
import { type DialectUpstream, MODEL, SEALED } from "./upstream.ts";

interface Event {
  readonly type: string;
  readonly [field: string]: unknown;
}

export const responsesUpstream: DialectUpstream = {
  name: "responses",
  stream: (answer) => sse(eventsOf(answer)),
  reply: () => null,
  cannotSay: () => null,
};

const response = (status: string, more: object = {}) => ({
  id: "resp_up1",
  object: "response",
  model: MODEL,
  status,
  output: [],
  ...more,
});

function eventsOf(answer: Answer): Event[] {
  const items = [...reasoning(answer), ...message(answer), ...calls(answer)];
  const events = items.flatMap((item, output_index) => item.map((event) => ({ ...event, output_index })));
  return [
    { type: "codex.rate_limits", rate_limits: {} },
    { type: "response.created", response: response("in_progress") },
    { type: "response.in_progress", response: response("in_progress") },
    ...events,
    ...ending(answer),
  ];
}

function reasoning({ thinking }: Answer): Event[][] {
  if (thinking === "") return [];
  const id = "rs_1";
  const place = { item_id: id, summary_index: 0 };
  const summary = [{ type: "summary_text", text: thinking }];
  return [
    [
      {
        type: "response.output_item.added",
        item: { id, type: "reasoning", summary: [], encrypted_content: "gAAAAsnapshot" },
      },
      { type: "response.reasoning_summary_part.added", ...place, part: { type: "summary_text", text: "" } },
      ...pieces(thinking, 3).map((delta) => ({ type: "response.reasoning_summary_text.delta", ...place, delta })),
      { type: "response.reasoning_summary_text.done", ...place, text: thinking },
      { type: "response.reasoning_summary_part.done", ...place, part: summary[0] },
      { type: "response.output_item.done", item: { id, type: "reasoning", summary, encrypted_content: SEALED } },
    ],
  ];
}

function message({ text }: Answer): Event[][] {
  if (text === "") return [];
  const id = "msg_1";
  const place = { item_id: id, content_index: 0 };
  const part = { type: "output_text", text, annotations: [] };
  return [
    [
      { type: "response.output_item.added", item: { id, type: "message", role: "assistant", content: [] } },
      { type: "response.content_part.added", ...place, part: { ...part, text: "" } },
      ...pieces(text, 4).map((delta) => ({ type: "response.output_text.delta", ...place, delta })),
      { type: "response.output_text.done", ...place, text },
      { type: "response.content_part.done", ...place, part },
      {
        type: "response.output_item.done",
        item: { id, type: "message", role: "assistant", status: "completed", content: [part] },
      },
    ],
  ];
}

function calls(answer: Answer): Event[][] {
  return answer.calls.map(({ name, args }, at) => {
    const id = `fc_${at}`;
    const item = { id, type: "function_call", call_id: `call_${at}`, name };
    const whole = JSON.stringify(args);
    return [
      { type: "response.output_item.added", item: { ...item, arguments: "" } },
      ...pieces(whole, 5).map((delta) => ({ type: "response.function_call_arguments.delta", item_id: id, delta })),
      { type: "response.function_call_arguments.done", item_id: id, arguments: whole },
      { type: "response.output_item.done", item: { ...item, status: "completed", arguments: whole } },
    ];
  });
}

function ending({ ending: end, spent }: Answer): Event[] {
  const usage = {
    input_tokens: spent.input,
    input_tokens_details: { cached_tokens: spent.cached },
    output_tokens: spent.output,
    output_tokens_details: { reasoning_tokens: spent.reasoning },
    total_tokens: spent.input + spent.output,
  };
  const incomplete = (reason: string): Event => {
    return { type: "response.incomplete", response: response("incomplete", { usage, incomplete_details: { reason } }) };
  };
  switch (end) {
    case "done":
      return [{ type: "response.completed", response: response("completed", { usage }) }];
    case "limit":
      return [incomplete("max_output_tokens")];
    case "filter":
      return [incomplete("content_filter")];
    case "error":
      return [
        { type: "response.failed", response: response("failed", { error: { code: "server_error", message: "no" } }) },
      ];
    default:
      return [];
  }
}
