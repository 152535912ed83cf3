// The events of one answer in the order and with the fields of the real stream.

import { seal } from "../ciphertext.ts";
import type { ServerEvent } from "./fault.ts";
import type { Script } from "./script.ts";
import type { ToolCall } from "./tool-call.ts";
import { type StreamTerms, Turn } from "./turn.ts";

/** Lazy, so that an answer of any size costs no memory. */
export function* answerEvents(script: Script, terms: StreamTerms): Generator<ServerEvent> {
  const turn = new Turn(terms);
  if (terms.limits?.place === "first") yield terms.limits.event;
  yield turn.event({ type: "response.created", response: turn.response("in_progress") });
  if (terms.limits?.place === "after-created") yield terms.limits.event;
  yield turn.event({ type: "response.in_progress", response: turn.response("in_progress") });
  if (script.reasoning !== null) yield* reasoningEvents(turn, script.reasoning);
  switch (script.result.kind) {
    case "text":
      yield* messageEvents(turn, script.result.deltas);
      break;
    case "calls":
      for (const call of script.result.calls) yield* callEvents(turn, call);
      break;
    case "compaction":
      yield* compactionEvents(turn);
      break;
  }
  yield turn.event({ type: "response.completed", response: turn.response("completed") });
}

function* reasoningEvents(turn: Turn, text: string): Generator<ServerEvent> {
  const item_id = turn.itemId("rs");
  const { owner, serial } = turn.terms;
  const place = { item_id, output_index: turn.index, summary_index: 0 };
  const sealed = seal({ owner, kind: "reasoning", serial });
  // The ciphertext of "added" is a snapshot from before the content and never equals the final one.
  const snapshot = seal({ owner, kind: "reasoning", serial: -serial });
  yield turn.added({ id: item_id, type: "reasoning", summary: [], encrypted_content: snapshot });
  yield turn.event({
    type: "response.reasoning_summary_part.added",
    ...place,
    part: { type: "summary_text", text: "" },
  });
  yield turn.event({ type: "response.reasoning_summary_text.delta", ...place, delta: text });
  yield turn.event({ type: "response.reasoning_summary_text.done", ...place, text });
  yield turn.event({ type: "response.reasoning_summary_part.done", ...place, part: { type: "summary_text", text } });
  turn.count(text.length, true);
  yield turn.done({
    id: item_id,
    type: "reasoning",
    summary: [{ type: "summary_text", text }],
    encrypted_content: sealed,
  });
}

function* messageEvents(turn: Turn, deltas: Iterable<string>): Generator<ServerEvent> {
  const item_id = turn.itemId("msg");
  const place = { item_id, output_index: turn.index, content_index: 0 };
  const part = (text: string): object => ({ type: "output_text", annotations: [], logprobs: [], text });
  const item = (status: string, content: object[]): object => ({
    id: item_id,
    type: "message",
    status,
    role: "assistant",
    content,
  });
  yield turn.added(item("in_progress", []));
  yield turn.event({ type: "response.content_part.added", ...place, part: part("") });
  let text = "";
  for (const delta of deltas) {
    text += delta;
    yield turn.event({ type: "response.output_text.delta", ...place, delta, logprobs: [] });
  }
  turn.count(text.length);
  yield turn.event({ type: "response.output_text.done", ...place, text, logprobs: [] });
  yield turn.event({ type: "response.content_part.done", ...place, part: part(text) });
  yield turn.done(item("completed", [part(text)]));
}

function* callEvents(turn: Turn, call: ToolCall): Generator<ServerEvent> {
  const isFunction = call.type === "function_call";
  const field = isFunction ? "arguments" : "input";
  const item_id = turn.itemId(isFunction ? "fc" : "ctc");
  const place = { item_id, output_index: turn.index };
  const item = (status: string, input: string): object => ({
    id: item_id,
    type: call.type,
    status,
    call_id: `call_demo${turn.terms.serial}_${turn.index}`,
    name: call.name,
    ...(call.namespace && { namespace: call.namespace }),
    [field]: input,
  });
  const delta = isFunction ? "response.function_call_arguments" : "response.custom_tool_call_input";
  yield turn.added(item("in_progress", ""));
  yield turn.event({ type: `${delta}.delta`, ...place, delta: call.input });
  yield turn.event({ type: `${delta}.done`, ...place, [field]: call.input });
  turn.count(call.input.length);
  yield turn.done(item("completed", call.input));
}

function* compactionEvents(turn: Turn): Generator<ServerEvent> {
  const { owner, serial } = turn.terms;
  const encrypted_content = seal({ owner, kind: "compaction", serial });
  const item = { id: turn.itemId("cmp"), type: "compaction", encrypted_content };
  turn.count(encrypted_content.length);
  yield turn.added(item);
  yield turn.done(item);
}
