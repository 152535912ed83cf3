// Rules of the Codex backend about the fields of the body as a whole. Sources: public trackers of gateways, 2026;
// that unknown fields are refused like the known bad ones is assumed.

import { detail } from "../answer.ts";
import { findModel, isAllowed } from "../models.ts";
import { isFields, wordOf } from "../stream/request.ts";
import { invalid, list, notOneOf, tooLong, unsupported, wrongType } from "./refusal.ts";
import type { CheckedRequest, Rule } from "./strictness.ts";

const COMPACT_PARAMETERS = [
  "model",
  "instructions",
  "input",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "reasoning",
  "prompt_cache_key",
  "text",
  "service_tier",
  "client_metadata",
];

const PARAMETERS: Readonly<Record<CheckedRequest["operation"], ReadonlySet<string>>> = {
  turn: new Set([...COMPACT_PARAMETERS, "store", "stream", "include", "stream_options"]),
  compact: new Set(COMPACT_PARAMETERS),
  api: new Set(),
};

const INCLUDES = [
  "code_interpreter_call.outputs",
  "computer_call_output.output.image_url",
  "file_search_call.results",
  "message.input_image.image_url",
  "message.output_text.logprobs",
  "reasoning.encrypted_content",
  "web_search_call.action.sources",
];
const EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];
const VERBOSITIES = ["low", "medium", "high"];
const SERVICE_TIERS = new Set(["auto", "default", "priority", "flex", "ultrafast"]);

const knownParameters: Rule = ({ body, operation, strictness }) => {
  const known = PARAMETERS[operation];
  const unknown = Object.keys(body).find((name) => !known.has(name) && !strictness.extraParameters.has(name));
  if (unknown !== undefined) return detail(400, `Unsupported parameter: ${unknown}`);
  const options = isFields(body["stream_options"]) ? Object.keys(body["stream_options"]) : [];
  const badOption = options.find((name) => name !== "reasoning_summary_delivery");
  return badOption === undefined ? null : detail(400, `Unsupported parameter: stream_options.${badOption}`);
};

const storeAndStream: Rule = ({ body, operation }) => {
  if (operation === "compact") return null;
  if (body["store"] !== false) return detail(400, "Store must be set to false");
  return body["stream"] === true ? null : detail(400, "Stream must be set to true");
};

const inputIsList: Rule = ({ body }) => (Array.isArray(body["input"]) ? null : detail(400, "Input must be a list"));

/** Assumed: they may only be left out when the input brings its own, as current Codex does. */
const instructions: Rule = ({ body, items }) => {
  const value = body["instructions"];
  if (typeof value === "string") return null;
  const bringsOwn = items[0]?.["role"] === "developer";
  return value === undefined && bringsOwn ? null : detail(400, "Instructions are required");
};

const model: Rule = ({ body, account, strictness }) => {
  const slug = body["model"];
  if (typeof slug !== "string" || slug === "") return detail(400, "Model is required");
  if (strictness.extraModels.has(slug)) return null;
  const found = findModel(slug);
  if (found && isAllowed(found, account)) return null;
  return detail(400, `The '${slug}' model is not supported when using Codex with a ChatGPT account.`);
};

const reasoning: Rule = ({ body }) => {
  const value = body["reasoning"];
  if (value === undefined || value === null) return null;
  if (!isFields(value)) return wrongType("reasoning", "an object", value);
  const { effort } = value;
  if (effort === undefined || effort === null) return null;
  if (typeof effort !== "string" || !EFFORTS.includes(effort)) return notOneOf("reasoning.effort", effort, EFFORTS);
  const found = findModel(wordOf(body["model"]));
  if (!found || found.efforts.includes(effort)) return null;
  const message = `Unsupported value: '${effort}' is not supported with the '${found.slug}' model. Supported values are: ${list(found.efforts)}.`;
  return unsupported("reasoning.effort", message);
};

const include: Rule = ({ body }) => {
  const values: unknown = body["include"] ?? [];
  if (!Array.isArray(values)) return wrongType("include", "an array", values);
  const at = values.findIndex((value) => !INCLUDES.includes(wordOf(value)));
  return at < 0 ? null : notOneOf(`include[${at}]`, values[at], INCLUDES);
};

const smallFields: Rule = ({ body }) => {
  const tier = body["service_tier"] ?? "auto";
  if (!SERVICE_TIERS.has(wordOf(tier))) return detail(400, `Unsupported service_tier: ${wordOf(tier)}`);
  const key = body["prompt_cache_key"];
  if (typeof key === "string" && key.length > 64) return tooLong("prompt_cache_key", key, 64);
  const parallel = body["parallel_tool_calls"] ?? true;
  if (typeof parallel !== "boolean") return wrongType("parallel_tool_calls", "a boolean", parallel);
  const text = isFields(body["text"]) ? body["text"] : {};
  const verbosity = text["verbosity"] ?? "medium";
  if (!VERBOSITIES.includes(wordOf(verbosity))) return notOneOf("text.verbosity", verbosity, VERBOSITIES);
  return body["tool_choice"] === "any" ? invalid("tool_choice", "Invalid value: 'any'.", "invalid_value") : null;
};

export const parameterRules: readonly Rule[] = [
  knownParameters,
  storeAndStream,
  inputIsList,
  instructions,
  model,
  reasoning,
  include,
  smallFields,
];
