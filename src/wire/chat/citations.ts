// Where the answer's text comes from, when the model has searched the web.

import { asList, asNumber, asObject, type JsonObject } from "../../kit/json-value.ts";

/** `start` is where the part that is cited begins in the whole content, which Responses counts anew for every part. */
export function citations(annotations: unknown, start: number): readonly JsonObject[] {
  return asList(annotations).flatMap((value) => {
    const annotation = asObject(value);
    if (annotation?.["type"] !== "url_citation") return [];
    const { type, start_index: from, end_index: to, ...rest } = annotation;
    const place = { start_index: start + (asNumber(from) ?? 0), end_index: start + (asNumber(to) ?? 0) };
    return [{ type, url_citation: { ...rest, ...place } }];
  });
}
