// What a function gave back, as the output of a call.
// Facts: ai.google.dev/api/caching#FunctionResponse: `output` holds what came of it and `error` why nothing did; without
// either the whole object is the output. Media stand beside it in `parts`.

import { asText, type JsonObject } from "../../kit/json-value.ts";
import { FaultyRequest } from "../translation.ts";
import { readPart, shownParts } from "./parts.ts";
import { fieldsOf } from "./fields.ts";

export type Output = string | readonly JsonObject[];

export function functionOutput(answer: JsonObject, place: string): Output {
  const parts = answer["parts"] ?? [];
  if (!Array.isArray(parts)) throw new FaultyRequest(`${place}.parts`, `\`${place}.parts\` must be a list.`);
  const media = parts.flatMap((value, at) => {
    const part = readPart(value, `${place}.parts[${at}]`);
    return shownParts(part, `${place}.parts[${at}]`);
  });
  return withMedia(textOf(answer["response"]), media);
}

export function withMedia(output: Output, media: readonly JsonObject[]): Output {
  if (media.length === 0) return output;
  if (typeof output !== "string") return [...output, ...media];
  return [...(output === "" ? [] : [{ type: "input_text", text: output }]), ...media];
}

/** Upstreams take no sound from a function. */
export function isMedia({ type }: JsonObject): boolean {
  return type === "input_image" || type === "input_file";
}

/** An error stays inside its object, where the model sees that it is one. */
function textOf(response: unknown): string {
  if (response === undefined) return "";
  const fields = fieldsOf(response);
  const isPlain = fields !== null && Object.keys(fields).length === 1 && "output" in fields;
  const said = isPlain ? fields["output"] : response;
  return asText(said) ?? JSON.stringify(said);
}
