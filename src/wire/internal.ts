// The internal form, which every client format is turned into and every upstream format comes from: requests, items,
// events and answers of the Responses API. What no codec needs to know stays open, so that new fields pass through.

import type { JsonObject } from "../kit/json-value.ts";

/** One element of `input` or `output`: a message, a call, a call's output, reasoning and so on, told apart by `type`. */
export type Item = JsonObject;

export interface InternalRequest extends JsonObject {
  readonly model?: string;
  readonly instructions?: string;
  readonly input: readonly Item[];
  readonly tools?: readonly JsonObject[];
}

/** A stream event, told apart by `type`: `response.created`, `response.output_text.delta` and so on. */
export interface InternalEvent extends JsonObject {
  readonly type: string;
}

/** A finished answer: `status` is `completed` or `incomplete`, `output` holds the finished items. */
export interface InternalAnswer extends JsonObject {
  readonly id?: string;
  readonly status?: string;
  readonly output: readonly Item[];
}
