// What an error of the Gemini API says: `{error: {code, message, status, details}}`, alone or in a list of one.
// Facts: cloud.google.com/apis/design/errors; ai.google.dev/gemini-api/docs/troubleshooting. A key that is not valid is told
// as an invalid argument; which quota is used up stands in the details.

import { asList, asObject, asText, type JsonObject } from "../../../kit/json-value.ts";
import type { UpstreamComplaint } from "../../upstream-format.ts";

const CODES: Readonly<Record<string, string>> = {
  RESOURCE_EXHAUSTED: "rate_limit_exceeded",
  UNAVAILABLE: "server_is_overloaded",
  NOT_FOUND: "model_not_supported",
  INTERNAL: "server_error",
};

/** Errors that only their words tell from others of the same status. */
const WORDS: ReadonlyArray<readonly [RegExp, string]> = [
  [/exceeds the maximum number of tokens/, "context_length_exceeded"],
  [/(invalid|corrupted) thought.?signature|thought.?signature is not valid/i, "invalid_encrypted_content"],
];

export function geminiComplaint(body: unknown): UpstreamComplaint {
  const outer = asObject(body) ?? asObject(asList(body)[0]);
  const error = asObject(outer?.["error"]) ?? {};
  const type = asText(error["status"]);
  const message = asText(error["message"]) ?? "";
  return { code: codeOf(error, message), type, message };
}

function codeOf(error: JsonObject, message: string): string | null {
  const status = asText(error["status"]) ?? "";
  const details = asList(error["details"]).map((detail) => asObject(detail) ?? {});
  if (details.some(({ reason }) => reason === "API_KEY_INVALID")) return "invalid_api_key";
  if (status === "RESOURCE_EXHAUSTED" && details.some(isOfTheDay)) return "usage_limit_reached";
  if (status === "INVALID_ARGUMENT") return WORDS.find(([words]) => words.test(message))?.[1] ?? null;
  return CODES[status] ?? null;
}

/** Nothing can be had before the day is over. */
function isOfTheDay(detail: JsonObject): boolean {
  return asList(detail["violations"]).some((one) => asText(asObject(one)?.["quotaId"])?.includes("PerDay") === true);
}
