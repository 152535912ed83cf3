// The Gemini API.

import type { Answer } from "../answer.ts";
import { pieces } from "../sse.ts";
import { type DialectUpstream, MODEL } from "./upstream.ts";

const FINISHES = { done: "STOP", limit: "MAX_TOKENS", filter: "SAFETY", cut: null, error: null } as const;

export const geminiUpstream: DialectUpstream = {
  name: "gemini",
  stream(answer) {
    const told: object[] = [
      ...pieces(answer.thinking, 3).map((text) => piece([{ text, thought: true }])),
      ...pieces(answer.text, 4).map((text) => piece([{ text }])),
      ...(answer.calls.length === 0 ? [] : [piece(callsOf(answer))]),
    ];
    const finishReason = FINISHES[answer.ending];
    if (finishReason !== null) told.push({ ...piece([], finishReason), usageMetadata: usageOf(answer) });
    if (answer.ending === "error") told.push({ error: { code: 500, status: "INTERNAL", message: "no" } });
    return told.map((each) => `data: ${JSON.stringify(each)}\r\n\r\n`).join("");
  },
  reply(answer) {
    const finishReason = FINISHES[answer.ending];
    if (finishReason === null) return null;
    const parts = [
      ...(answer.thinking === "" ? [] : [{ text: answer.thinking, thought: true }]),
      ...(answer.text === "" ? [] : [{ text: answer.text }]),
      ...callsOf(answer),
    ];
    return { ...piece(parts, finishReason), usageMetadata: usageOf(answer) };
  },
  cannotSay: () => null,
};

function callsOf({ calls }: Answer): object[] {
  return calls.map(({ name, args }, at) => ({
    functionCall: { name, args },
    ...(at === 0 ? { thoughtSignature: "c2lnbmF0dXJl" } : {}),
  }));
}

function piece(parts: readonly object[], finishReason?: string): object {
  const finish = finishReason === undefined ? {} : { finishReason };
  return {
    candidates: [{ content: { role: "model", parts }, index: 0, ...finish }],
    modelVersion: MODEL,
    responseId: "r1",
  };
}

function usageOf({ spent }: Answer): object {
  return {
    promptTokenCount: spent.input,
    cachedContentTokenCount: spent.cached,
    candidatesTokenCount: spent.output - spent.reasoning,
    thoughtsTokenCount: spent.reasoning,
  };
}
