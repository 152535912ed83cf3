// The finished answer as one object: what a stream would have said, put together.

import type { JsonObject } from "../../kit/json-value.ts";
import type { InternalAnswer } from "../internal.ts";
import type { AnswerTerms } from "../translation.ts";
import { AnswerReader } from "./answer-reader.ts";
import { finishReason, headingOf, usageOf } from "./answer-terms.ts";
import type { CallDelta, ChatDelta, FunctionDelta, Piece } from "./delta.ts";
import type { AnswerForm } from "./request.ts";

export function chatReply(answer: InternalAnswer, form: AnswerForm, terms: AnswerTerms): object {
  const reader = new AnswerReader(form);
  const pieces = reader.finish(answer.output);
  const logprobs = pieces.flatMap((piece) => piece.logprobs ?? []);
  const choice = {
    index: 0,
    message: messageOf(pieces),
    logprobs: logprobs.length === 0 ? null : { content: logprobs, refusal: null },
    finish_reason: finishReason(answer, reader.calls, form.declared.isLegacy),
  };
  const { id, created, model } = headingOf(answer, terms);
  const usage = usageOf(answer);
  const tier = answer["service_tier"];
  return {
    id,
    object: "chat.completion",
    created,
    model,
    choices: [choice],
    ...(usage === undefined ? {} : { usage }),
    ...(typeof tier === "string" ? { service_tier: tier } : {}),
  };
}

/** Fields beyond the common ones are there only when they say something: some clients take an empty list for an event. */
function messageOf(pieces: readonly Piece[]): JsonObject {
  const deltas = pieces.map(({ delta }) => delta);
  const content = joined(deltas, "content");
  const refusal = joined(deltas, "refusal");
  const thoughts = joined(deltas, "reasoning_content");
  const calls = wholeCalls(deltas.flatMap(({ tool_calls }) => tool_calls ?? []));
  const legacy = deltas.flatMap(({ function_call }) => function_call ?? []);
  const annotations = deltas.flatMap((delta) => delta.annotations ?? []);
  const images = deltas.flatMap((delta) => delta.images ?? []);
  const hasOther = refusal !== "" || calls.length > 0 || legacy.length > 0;
  return {
    role: "assistant",
    content: content === "" && hasOther ? null : content,
    refusal: refusal === "" ? null : refusal,
    ...(thoughts === "" ? {} : { reasoning_content: thoughts }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
    ...(legacy.length === 0 ? {} : { function_call: wholeFunction(legacy) }),
    ...(annotations.length === 0 ? {} : { annotations }),
    ...(images.length === 0 ? {} : { images }),
  };
}

function joined(deltas: readonly ChatDelta[], field: "content" | "refusal" | "reasoning_content"): string {
  return deltas.map((delta) => delta[field] ?? "").join("");
}

function wholeCalls(deltas: readonly CallDelta[]): JsonObject[] {
  return [...new Set(deltas.map(({ index }) => index))].map((index) => {
    const own = deltas.filter((delta) => delta.index === index);
    const { id, type } = own[0] ?? {};
    if (type === "function") return { id, type, function: wholeFunction(own.flatMap((delta) => delta.function ?? [])) };
    const customs = own.flatMap(({ custom }) => custom ?? []);
    return { id, type, custom: { name: customs[0]?.name, input: customs.map(({ input }) => input).join("") } };
  });
}

function wholeFunction(deltas: readonly FunctionDelta[]): JsonObject {
  return { name: deltas[0]?.name, arguments: deltas.map((delta) => delta.arguments).join("") };
}
