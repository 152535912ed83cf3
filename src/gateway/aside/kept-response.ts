// `GET` and `DELETE /v1/responses/{id}` and its `input_items`, from what is kept here.
// Facts: the public reference of the Responses API (shapes, order and limits of lists).

import type { Failure } from "../../contract/failure.ts";
import { asList, asObject, asText, type JsonObject, parseJson } from "../../kit/json-value.ts";
import { gatewayFailure } from "../failures.ts";
import type { KeptResponse } from "../ports.ts";
import type { Aside, Asked } from "./aside.ts";

const PREFIX = String.raw`^(?:\/v1|\/backend-api\/codex)?\/responses\/(resp_[\w-]+)`;
const ONE = new RegExp(`${PREFIX}$`);
const ITEMS = new RegExp(`${PREFIX}\\/input_items$`);

const DEFAULT_PAGE = 20;
const LARGEST_PAGE = 100;

export const keptResponseAsides: readonly Aside[] = [
  { path: ONE, name: "/v1/responses/{id}", methods: ["GET"], answer: retrieve },
  { path: ONE, name: "/v1/responses/{id}", methods: ["DELETE"], answer: remove },
  { path: ITEMS, name: "/v1/responses/{id}/input_items", methods: ["GET"], answer: listInput },
];

async function retrieve({ key, words: [id = ""], query, parts }: Asked): Promise<object | Failure> {
  // Played back as a stream it would only look like the one that was.
  if (query.get("stream") === "true") return notAStream;
  const kept = await parts.kept.find(key.id, id);
  return kept === null ? unknown(id) : { ...asObject(parseJson(kept.answer)), store: true };
}

async function remove({ key, words: [id = ""], parts }: Asked): Promise<object | Failure> {
  const isRemoved = await parts.kept.remove(key.id, id);
  return isRemoved ? { id, object: "response.deleted", deleted: true } : unknown(id);
}

async function listInput({ key, words: [id = ""], query, parts }: Asked): Promise<object | Failure> {
  const kept = await parts.kept.find(key.id, id);
  if (kept === null) return unknown(id);
  const items = query.get("order") === "asc" ? inputItems(kept) : inputItems(kept).toReversed();
  const after = query.get("after");
  const from = after === null ? 0 : items.findIndex((item) => item["id"] === after) + 1;
  const most = Math.min(LARGEST_PAGE, Math.max(1, Number(query.get("limit") ?? DEFAULT_PAGE) || DEFAULT_PAGE));
  const page = items.slice(from, from + most);
  return {
    object: "list",
    data: page,
    first_id: page[0]?.["id"] ?? null,
    last_id: page.at(-1)?.["id"] ?? null,
    has_more: from + most < items.length,
  };
}

/** What was sent upstream has no ids; lists are walked by them. */
function inputItems({ id, input }: KeptResponse): JsonObject[] {
  return asList(parseJson(input)).map((item, place) => {
    const fields = asObject(item) ?? {};
    return { ...fields, id: asText(fields["id"]) ?? `item_${id.slice("resp_".length)}_${place}` };
  });
}

const notAStream = gatewayFailure("invalid_request", "A kept response cannot be streamed again: ask without `stream`.");

function unknown(id: string): Failure {
  return gatewayFailure("not_found", `Response with id '${id}' not found.`);
}
