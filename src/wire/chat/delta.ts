// What changes in the assistant's message, as `choices[0].delta` tells it.
// Facts: the chunks of the OpenAI SDK 7.55; `reasoning_content` is DeepSeek's word for thinking and `images` OpenRouter's
// for pictures, which clients of this API have come to read.

import type { JsonObject } from "../../kit/json-value.ts";

export interface ChatDelta {
  readonly content?: string;
  readonly refusal?: string;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly CallDelta[];
  readonly function_call?: FunctionDelta;
  readonly annotations?: readonly JsonObject[];
  readonly images?: readonly ImageDelta[];
}

export interface FunctionDelta {
  readonly name?: string;
  readonly arguments: string;
}

/** The first of a call has its id, type and name; later ones only add text. */
export interface CallDelta {
  readonly index: number;
  readonly id?: string;
  readonly type?: "function" | "custom";
  readonly function?: FunctionDelta;
  readonly custom?: { readonly name?: string; readonly input: string };
}

/** A later one with the same index takes the place of the earlier, as the finished picture does of its sketches. */
export interface ImageDelta {
  readonly index: number;
  readonly type: "image_url";
  readonly image_url: { readonly url: string };
}

/** One delta, with the log probabilities of its text where the client asked for them. */
export interface Piece {
  readonly delta: ChatDelta;
  readonly logprobs?: readonly unknown[];
}
