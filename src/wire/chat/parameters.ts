// The fields of a request beside its messages and tools.
// Facts: fields of Chat Completions as the types of the OpenAI SDK 7.55 have them.

import { asList, asText, type JsonObject } from "../../kit/json-value.ts";
import type { ToolNames } from "../tool-names.ts";
import { FaultyRequest } from "../translation.ts";
import { REASONING_FIELDS, reasoningOf } from "./reasoning.ts";
import { textOf } from "./text-format.ts";

/** Read here or beside, and told in other words. */
const TRANSLATED =
  "messages input tools tool_choice functions function_call parallel_tool_calls web_search_options response_format " +
  "verbosity text max_tokens max_completion_tokens logprobs include";

/** Ends here: the gateway itself streams, gives one answer, and that is text. */
const ENDING_HERE = "stream stream_options n modalities";

/**
 * Left out on purpose, and named in the request log: nothing is ever stored, a guess at the answer only makes it faster,
 * only audio answers have a voice; knobs of samplers that no model here has; and how another gateway is to work.
 */
const LEFT_OUT: ReadonlySet<string> = new Set(
  [
    "store prediction audio",
    "top_k top_a min_p repetition_penalty",
    "provider route transforms usage cache_control",
  ].flatMap((names) => names.split(" ")),
);

const NOT_KEPT: ReadonlySet<string> = new Set([
  ...[TRANSLATED, ENDING_HERE].flatMap((names) => names.split(" ")),
  ...REASONING_FIELDS,
  ...LEFT_OUT,
]);

/** The fields of the request that are lost; saying no to them is no loss. */
export function leftOut(body: JsonObject): string[] {
  return Object.keys(body).filter((key) => LEFT_OUT.has(key) && body[key] !== null && body[key] !== false);
}

/**
 * Everything else keeps its name: `temperature`, `top_p`, `user`, `metadata`, `service_tier`, `prompt_cache_key` and others
 * are called the same in both APIs, and `stop`, `seed` or penalties are there for upstreams that know them. What an
 * upstream refuses is taken out where its requests are made ready. A null means the same as nothing.
 */
export function parametersOf(body: JsonObject, names: ToolNames): JsonObject {
  refuseWhatCannotBe(body);
  const kept = Object.entries(body).filter(([key, value]) => value !== null && !NOT_KEPT.has(key));
  const translated = {
    max_output_tokens: body["max_completion_tokens"] ?? body["max_tokens"] ?? body["max_output_tokens"],
    reasoning: reasoningOf(body),
    text: textOf(body, names),
    include: includes(body),
  };
  const said = Object.entries(translated).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries([...kept, ...said]);
}

function refuseWhatCannotBe(body: JsonObject): void {
  const model = body["model"] ?? "";
  if (asText(model) === null) throw new FaultyRequest("model", "`model` must be the name of a model.");
  const answers = body["n"] ?? 1;
  if (answers !== 1) throw new FaultyRequest("n", "`n` must be 1: there is one answer to a request.");
  if (asList(body["modalities"]).some((kind) => kind !== "text")) {
    throw new FaultyRequest("modalities", "`modalities` must be text: answers are text.");
  }
}

/**
 * Log probabilities are asked for and handed on. A model that has none is left to refuse it: silence would let the client
 * take a missing probability for a fact.
 */
function includes(body: JsonObject): readonly unknown[] | undefined {
  const asked = [...asList(body["include"]), ...(body["logprobs"] === true ? ["message.output_text.logprobs"] : [])];
  return asked.length === 0 ? undefined : asked;
}
