// What an error of an OpenAI-compatible server says: `{error: {message, type, code}}`, `{error: "…"}` or `{message}`.

import { asNumber, asObject, asText } from "../../../kit/json-value.ts";
import type { UpstreamComplaint } from "../../upstream-format.ts";

export function chatComplaint(body: unknown): UpstreamComplaint {
  const outer = asObject(body);
  const error = asObject(outer?.["error"]);
  const told = error ?? outer;
  const code = asText(told?.["code"]) ?? asNumber(told?.["code"])?.toString() ?? null;
  const message = asText(told?.["message"]) ?? asText(outer?.["error"]) ?? "";
  return { code, type: asText(told?.["type"]), message };
}
