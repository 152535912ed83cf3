// The wording of the model API's refusals, for a place in the request such as `input[2].id`.

import { wordOf } from "../stream/request.ts";
import { apiError, type Answer } from "../answer.ts";

export function missing(param: string): Answer {
  return invalid(param, `Missing required parameter: '${param}'.`, "missing_required_parameter");
}

export function unknownParameter(param: string): Answer {
  return invalid(param, `Unknown parameter: '${param}'.`, "unknown_parameter");
}

export function wrongType(param: string, expected: string, value: unknown): Answer {
  const got = value === null ? "null" : Array.isArray(value) ? "an array" : `${article(typeof value)} ${typeof value}`;
  return invalid(param, `Invalid type for '${param}': expected ${expected}, but got ${got} instead.`, "invalid_type");
}

export function notOneOf(param: string, value: unknown, supported: readonly string[]): Answer {
  return invalid(
    param,
    `Invalid value: '${wordOf(value)}'. Supported values are: ${list(supported)}.`,
    "invalid_value",
  );
}

export function unsupported(param: string, message: string): Answer {
  return invalid(param, message, "unsupported_value");
}

export function tooLong(param: string, value: string, maximum: number): Answer {
  const message = `Invalid '${param}': string too long. Expected a string with maximum length ${maximum}, but got a string with length ${value.length} instead.`;
  return invalid(param, message, "string_above_max_length");
}

export function empty(param: string): Answer {
  const message = `Invalid '${param}': empty string. Expected a string with minimum length 1, but got an empty string instead.`;
  return invalid(param, message, "empty_string");
}

export function offPattern(param: string, pattern: string): Answer {
  const message = `Invalid '${param}': string does not match pattern. Expected a string that matches the pattern '${pattern}'.`;
  return invalid(param, message, "invalid_value");
}

export function invalid(param: string | null, message: string, code: string | null): Answer {
  return apiError(400, { message, param, code });
}

/** `'a', 'b', and 'c'` */
export function list(words: readonly string[]): string {
  const quoted = words.map((word) => `'${word}'`);
  if (quoted.length < 3) return quoted.join(" and ");
  return `${quoted.slice(0, -1).join(", ")}, and ${quoted.at(-1)}`;
}

function article(word: string): string {
  return /^[aeiou]/.test(word) ? "an" : "a";
}
