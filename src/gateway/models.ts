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
import type { Catalogue, Catalogues } from "./catalogue.ts";
import { gatewayFailure, isFailure } from "./failures.ts";
import type { ResolvedModel } from "./model-names.ts";
import type { AdmittedKey, KeySource } from "./ports.ts";
import type { Route, Target } from "./routes.ts";

export interface ModelsParts {
  readonly keys: KeySource;
  readonly catalogues: Catalogues;
  /** Names of the user's own that stand for one model each. */
  aliasNames(): readonly string[];
  /** Models that providers name as their own. */
  providerModels(): readonly string[];
  isOfProvider(model: string): boolean;
  /** Which model a name means. */
  resolveModel(name: string): ResolvedModel;
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
  const lookUp = (name: string) => meaning(name, catalogue, parts);
  const owned = catalogue?.models.filter(isShown).map(listed) ?? boundModel(key);
  const served = [...parts.aliasNames(), ...parts.providerModels(), ...shapes.clientModels].flatMap(
    (name) => lookUp(name) ?? [],
  );
  const models = new Map([...owned, ...served].map((model) => [model.id, model]));
  return answerList(call, target, { models: [...models.values()], lookUp, shapes });
}

interface List {
  readonly models: readonly ListedModel[];
  /** A model that is served though it is not listed. */
  readonly lookUp: (name: string) => ListedModel | null;
  readonly shapes: ModelShapes;
}

function answerList(call: Call, { path }: Target, { models, lookUp, shapes }: List): Failure | null {
  const piece = /\/models\/([^/]+)$/.exec(path)?.[1];
  if (piece === undefined) {
    answerJson(call, shapes.list(models, call.startedAt));
    return null;
  }
  const id = pathWord(piece);
  const wanted = models.find((model) => model.id === id) ?? lookUp(id);
  if (wanted === null) return gatewayFailure("not_found", `No account has a model called ${id}.`);
  answerJson(call, shapes.one(wanted, call.startedAt));
  return null;
}

/** What a name stands for; null when nothing does, and when nobody knows which models there are. */
function meaning(name: string, catalogue: Catalogue | null, parts: ModelsParts): ListedModel | null {
  const { model, reason } = parts.resolveModel(name);
  const isCertain = catalogue !== null || reason === "alias" || parts.isOfProvider(model);
  if (reason === "unknown" || !isCertain) return null;
  const row = catalogue?.models.find(({ slug }) => slug === model);
  const contextTokens = row === undefined ? null : listed(row).contextTokens;
  return { id: name, title: name === model ? name : `${name} (${model})`, contextTokens };
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

function boundModel({ model }: AdmittedKey): ListedModel[] {
  return model === null ? [] : [{ id: model, title: model, contextTokens: null }];
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
