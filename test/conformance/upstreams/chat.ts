// An OpenAI-compatible server.

import type { Answer } from "../answer.ts";
import { pieces } from "../sse.ts";
import { type DialectUpstream, MODEL } from "./upstream.ts";

const FINISHES = { done: "stop", limit: "length", filter: "content_filter", cut: null, error: null } as const;

export const chatUpstream: DialectUpstream = {
  name: "chat",
  stream(answer) {
    const deltas = [
      { role: "assistant", content: "" },
      ...pieces(answer.thinking, 3).map((reasoning_content) => ({ reasoning_content })),
      ...pieces(answer.text, 4).map((content) => ({ content })),
      ...answer.calls.flatMap(({ name, args }, index) => [
        { tool_calls: [{ index, id: `call_${index}`, type: "function", function: { name, arguments: "" } }] },
        ...pieces(JSON.stringify(args), 5).map((json) => ({ tool_calls: [{ index, function: { arguments: json } }] })),
      ]),
    ];
    const chunks: object[] = deltas.map((delta) => chunk([{ index: 0, delta, finish_reason: null }]));
    const finish = finishOf(answer);
    if (finish !== null) {
      chunks.push(chunk([{ index: 0, delta: {}, finish_reason: finish }]), chunk([], usageOf(answer)));
    }
    if (answer.ending === "error") chunks.push({ error: { message: "no", type: "server_error" } });
    const end = finish === null ? "" : "data: [DONE]\n\n";
    return chunks.map((each) => `data: ${JSON.stringify(each)}\n\n`).join("") + end;
  },
  reply(answer) {
    const finish_reason = finishOf(answer);
    if (finish_reason === null) return null;
    const tool_calls = answer.calls.map(({ name, args }, index) => {
      return { id: `call_${index}`, type: "function", function: { name, arguments: JSON.stringify(args) } };
    });
    const message = {
      role: "assistant",
      content: answer.text === "" ? null : answer.text,
      ...(answer.thinking === "" ? {} : { reasoning_content: answer.thinking }),
      ...(tool_calls.length === 0 ? {} : { tool_calls }),
    };
    return { ...chunk([{ index: 0, message, finish_reason }], usageOf(answer)), object: "chat.completion" };
  },
  cannotSay: () => null,
};

function chunk(choices: readonly object[], usage: object | null = null): object {
  return { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: MODEL, choices, usage };
}

function finishOf({ ending, calls }: Answer): string | null {
  const finish = FINISHES[ending];
  return finish === "stop" && calls.length > 0 ? "tool_calls" : finish;
}

function usageOf({ spent }: Answer): object {
  return {
    prompt_tokens: spent.input,
    completion_tokens: spent.output,
    total_tokens: spent.input + spent.output,
    prompt_tokens_details: { cached_tokens: spent.cached },
    completion_tokens_details: { reasoning_tokens: spent.reasoning },
  };
}
