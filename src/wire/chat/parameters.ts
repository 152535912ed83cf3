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

/** Left out on purpose: the gateway itself streams and gives one answer, and nothing is ever stored. */
const ENDING_HERE = "stream stream_options n store";

/** Left out on purpose: a guess at the answer only makes it faster, and only audio answers have a voice. */
const WITHOUT_EFFECT = "prediction audio modalities";

/** Left out on purpose: knobs of samplers that no model here has. */
const OTHER_SAMPLERS = "top_k top_a min_p repetition_penalty";

const NOT_KEPT: ReadonlySet<string> = new Set([
  ...[TRANSLATED, ENDING_HERE, WITHOUT_EFFECT, OTHER_SAMPLERS].flatMap((names) => names.split(" ")),
  ...REASONING_FIELDS,
]);

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
