// Takes secrets and control characters out of whatever is about to be printed or logged.

import { plainText } from "./plain-text.ts";

const SECRET_NAME = /token|secret|password|authorization|cookie|api[-_]?key|^key$|credential|verifier/i;
/** A field that is about a secret without holding one: a count, a time, an id, a file. */
const HARMLESS_NAME = /tokens$|(?:id|at|ms|path|file|type|count)$/i;

const SECRET_TEXT: readonly (readonly [RegExp, string])[] = [
  [/\b(bearer|basic)\s+[^\s"',;]+/gi, "$1 [redacted]"],
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, "[redacted]"],
  [/\b(?:sk|rt|at|sess)[-_][\w.-]{8,}/g, "[redacted]"],
  [/\b[0-9a-f]{64}\b/gi, "[redacted]"],
  [/(:\/\/)[^\s/@:]+:[^\s/@]+@/g, "$1[redacted]@"],
];

/** One line of plain text, with everything that looks like a bearer, JWT, API key or platform key blacked out. */
export function withoutSecrets(text: string): string {
  return SECRET_TEXT.reduce((clean, [pattern, by]) => clean.replace(pattern, by), plainText(text, Infinity));
}

/** A copy of `value` that may be logged: secrets by field name and by their looks removed, errors as their message. */
export function redacted(value: unknown, name = ""): unknown {
  if (typeof value === "string") {
    return SECRET_NAME.test(name) && !HARMLESS_NAME.test(name) && value !== "" ? "[redacted]" : withoutSecrets(value);
  }
  if (value instanceof Error) return withoutSecrets(describe(value));
  if (Array.isArray(value)) return value.map((item) => redacted(item, name));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redacted(inner, key)]));
}

/** The stack says where; causes say why. */
function describe(error: Error): string {
  const own = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause instanceof Error ? `${own} caused by ${describe(error.cause)}` : own;
}
