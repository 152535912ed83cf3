// What the model searched for and which pages it cites.
// Facts: ai.google.dev/gemini-api/docs/google-search#understanding: places in the text are counted in bytes of UTF-8.
// Gemini CLI 0.61 lists the chunks as sources and writes their numbers behind the segments.

import { asList, asNumber, asObject, asText, type JsonObject } from "../../kit/json-value.ts";
import type { Item } from "../internal.ts";

interface Citation {
  readonly uri: string;
  readonly title: string;
  readonly segment: JsonObject;
}

/** Undefined for an answer without a search. */
export function groundingOf(items: readonly Item[]): JsonObject | undefined {
  const searches = items.filter((item) => item["type"] === "web_search_call");
  const citations = citationsOf(items.filter((item) => item["type"] === "message"));
  if (searches.length === 0 && citations.length === 0) return undefined;
  const uris = [...new Set(citations.map(({ uri }) => uri))];
  return {
    webSearchQueries: searches.flatMap(queriesOf),
    groundingChunks: uris.map((uri) => ({ web: { uri, title: citations.find((one) => one.uri === uri)?.title } })),
    groundingSupports: citations.map(({ uri, segment }) => ({ segment, groundingChunkIndices: [uris.indexOf(uri)] })),
  };
}

function queriesOf(item: Item): readonly string[] {
  const action = asObject(item["action"]);
  const queries = asList(action?.["queries"]).flatMap((query) => asText(query) ?? []);
  const query = asText(action?.["query"]);
  return queries.length > 0 || query === null ? queries : [query];
}

function citationsOf(messages: readonly Item[]): readonly Citation[] {
  let bytesBefore = 0;
  return messages.flatMap((message) =>
    asList(message["content"]).flatMap((value) => {
      const part = asObject(value);
      const text = asText(part?.["text"]) ?? "";
      const found = asList(part?.["annotations"]).flatMap((note) => citation(asObject(note), text, bytesBefore));
      bytesBefore += Buffer.byteLength(text);
      return found;
    }),
  );
}

function citation(note: JsonObject | null, text: string, bytesBefore: number): readonly Citation[] {
  const uri = asText(note?.["url"]);
  if (note?.["type"] !== "url_citation" || uri === null) return [];
  const start = asNumber(note["start_index"]) ?? 0;
  const end = asNumber(note["end_index"]) ?? start;
  const segment = {
    startIndex: bytesBefore + Buffer.byteLength(text.slice(0, start)),
    endIndex: bytesBefore + Buffer.byteLength(text.slice(0, end)),
    text: text.slice(start, end),
  };
  return [{ uri, title: asText(note["title"]) ?? uri, segment }];
}
