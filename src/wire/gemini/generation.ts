// `generationConfig`: how the answer is made, and in which form.

import { asList, asObject, type JsonObject } from "../../kit/json-value.ts";
import type { Item } from "../internal.ts";
import { FaultyRequest } from "../translation.ts";
import type { AnswerForm } from "./answer-parts.ts";
import { fieldsOf } from "./fields.ts";
import { answerFormat } from "./answer-format.ts";
import { reasoningOf } from "./thinking.ts";

export interface Generation {
  readonly fields: JsonObject;
  /** What is said before the conversation. */
  readonly preface: readonly Item[];
  readonly form: Omit<AnswerForm, "names">;
  readonly dropped: readonly string[];
}

const PLACE = "generationConfig";

/** Read here, or without effect: one answer of text is what there is anyway. */
const READ: ReadonlySet<string> = new Set(
  (
    "temperature topP maxOutputTokens thinkingConfig candidateCount responseModalities " +
    "responseMimeType responseSchema responseJsonSchema _responseJsonSchema"
  ).split(" "),
);

/**
 * Everything else is left out and named: `topK`, `seed`, `stopSequences` and the penalties have nothing that stands for
 * them, log probabilities, speech and pictures are not offered.
 */
export function generationOf(value: unknown): Generation {
  if (value !== undefined && asObject(value) === null) {
    throw new FaultyRequest(PLACE, `\`${PLACE}\` must be an object.`);
  }
  const config = fieldsOf(value) ?? {};
  refuseWhatCannotBe(config);
  const thinking = fieldsOf(config["thinkingConfig"]);
  const { format, wrapping } = answerFormat(config);
  const isJsonOnly = format?.["type"] === "json_object";
  return {
    fields: {
      temperature: config["temperature"],
      top_p: config["topP"],
      max_output_tokens: config["maxOutputTokens"],
      reasoning: reasoningOf(thinking),
      text: format === undefined ? undefined : { format },
    },
    preface: isJsonOnly ? [WORD_OF_JSON] : [],
    form: { hasThoughts: thinking?.["includeThoughts"] === true, wrapping },
    dropped: Object.keys(config)
      .filter((key) => !READ.has(key))
      .map((key) => `${PLACE}.${key}`),
  };
}

/** The Responses API gives JSON without a schema only to a conversation that speaks of it. */
const WORD_OF_JSON: Item = {
  type: "message",
  role: "developer",
  content: [{ type: "input_text", text: "Answer with JSON." }],
};

function refuseWhatCannotBe(config: JsonObject): void {
  if ((config["candidateCount"] ?? 1) !== 1) {
    throw new FaultyRequest(`${PLACE}.candidateCount`, "`candidateCount` must be 1: there is one answer to a request.");
  }
  if (asList(config["responseModalities"]).some((kind) => String(kind).toUpperCase() !== "TEXT")) {
    throw new FaultyRequest(`${PLACE}.responseModalities`, "`responseModalities` must be TEXT: answers are text.");
  }
}
