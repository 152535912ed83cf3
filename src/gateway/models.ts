// Answers `GET /models` and `GET /models/{id}`: Codex's catalogue when the client says which Codex it is, else the list in the
// caller's own format.

import type { Failure } from "../contract/failure.ts";
import { pathWord } from "../kit/path-word.ts";
import type { ModelRow } from "../upstream/chatgpt/models.ts";
import type { ClientProtocol, ListedModel, ModelShapes } from "../wire/protocol.ts";
import { protocols } from "../wire/protocols.ts";
import { openAiModels } from "../wire/responses/models.ts";
import { findKey } from "./admit.ts";
import type { Call } from "./call.ts";
import type { Catalogues } from "./catalogue.ts";
import { gatewayFailure, isFailure } from "./failures.ts";
import type { AdmittedKey, KeySource } from "./ports.ts";
import type { Route, Target } from "./routes.ts";

export interface ModelsParts {
  readonly keys: KeySource;
  readonly catalogues: Catalogues;
  /** Names of the user's own that stand for one model each. */
  aliasNames(): readonly string[];
}

/** The format a list is asked for in: several share a path, and tell themselves by a header. */
export function formatOfList({ request }: Call, route: Route): ClientProtocol {
  const marked = protocols.find(({ models }) => models?.knownBy != null && models.knownBy in request.headers);
  return marked ?? route.protocol;
}

/** Answers, or says with which failure to answer. */
export async function answerModels(call: Call, target: Target, parts: ModelsParts): Promise<Failure | null> {
  const key = findKey(target.key, call.request.headers, parts.keys);
  if (isFailure(key)) return key;
  call.record.keyId = key.id;
  const clientVersion = new URLSearchParams(target.query).get("client_version");
  const catalogue = await parts.catalogues.get(clientVersion ?? undefined);
  if (clientVersion !== null && catalogue !== null) {
    answerJson(call, { models: catalogue.models }, catalogue.etag);
    return null;
  }
  if (clientVersion !== null) {
    return gatewayFailure("upstream_unreachable", "No account could be asked for its models.");
  }
  const shapes = target.route === null ? openAiModels : (formatOfList(call, target.route).models ?? openAiModels);
  const models = [
    ...(catalogue?.models.filter(isShown).map(listed) ?? boundModel(key)),
    ...parts.aliasNames().map(named),
  ];
  return answerList(call, target, { models, shapes });
}

function answerList(
  call: Call,
  { path }: Target,
  { models, shapes }: { readonly models: readonly ListedModel[]; readonly shapes: ModelShapes },
): Failure | null {
  const piece = /\/models\/([^/]+)$/.exec(path)?.[1];
  const id = piece === undefined ? undefined : pathWord(piece);
  const wanted = id === undefined ? undefined : models.find((model) => model.id === id);
  if (id !== undefined && wanted === undefined) {
    return gatewayFailure("not_found", `No account has a model called ${id}.`);
  }
  answerJson(call, wanted === undefined ? shapes.list(models, call.startedAt) : shapes.one(wanted, call.startedAt));
  return null;
}

function isShown(row: ModelRow): boolean {
  return row["visibility"] !== "hide";
}

function listed(row: ModelRow): ListedModel {
  const { slug: id, display_name: title, context_window: contextTokens } = row;
  return {
    id,
    title: typeof title === "string" && title !== "" ? title : id,
    contextTokens: typeof contextTokens === "number" ? contextTokens : null,
  };
}

function named(id: string): ListedModel {
  return { id, title: id, contextTokens: null };
}

function boundModel({ model }: AdmittedKey): ListedModel[] {
  return model === null ? [] : [named(model)];
}

function answerJson({ response, traceId }: Call, value: unknown, etag?: string): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(200, {
    "content-type": "application/json",
    "content-length": body.length,
    "x-codexmanager-trace-id": traceId,
    ...(etag === undefined ? {} : { etag, "x-models-etag": etag }),
  });
  response.end(body);
}
