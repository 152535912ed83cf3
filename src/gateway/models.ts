// Answers `GET /models`: Codex's catalogue when the client says which Codex it is, else the public list.

import type { Failure } from "../contract/failure.ts";
import { findKey } from "./admit.ts";
import type { Call } from "./call.ts";
import type { Catalogues } from "./catalogue.ts";
import { gatewayFailure, isFailure } from "./failures.ts";
import type { AdmittedKey, KeySource } from "./ports.ts";
import type { Target } from "./routes.ts";

export interface ModelsParts {
  readonly keys: KeySource;
  readonly catalogues: Catalogues;
}

/** Answers, or says with which failure to answer. */
export async function answerModels(call: Call, target: Target, parts: ModelsParts): Promise<Failure | null> {
  const key = findKey(target.key, call.request.headers, parts.keys);
  if (isFailure(key)) return key;
  call.record.keyId = key.id;
  const clientVersion = new URLSearchParams(target.query).get("client_version");
  const catalogue = await parts.catalogues.get(clientVersion ?? undefined);
  if (clientVersion === null) {
    const slugs = catalogue?.models.map(({ slug }) => slug) ?? boundModel(key);
    answerJson(call, { object: "list", data: slugs.map((id) => listed(id, call.startedAt)) });
    return null;
  }
  if (catalogue === null) return gatewayFailure("upstream_unreachable", "No account could be asked for its models.");
  answerJson(call, { models: catalogue.models }, catalogue.etag);
  return null;
}

function boundModel(key: AdmittedKey): string[] {
  return key.model === null ? [] : [key.model];
}

function listed(id: string, now: number): object {
  return { id, object: "model", created: Math.floor(now / 1000), owned_by: "codexmanager" };
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
