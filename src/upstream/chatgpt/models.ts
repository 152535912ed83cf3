// Fetches the model catalogue of one account. Rows are kept whole: Codex reads fields that are new with every release.

import type { Dispatcher } from "undici";
import type { UpstreamAddress } from "../address.ts";

/** A catalogue row; `slug` is its name, everything else belongs to Codex. */
export interface ModelRow {
  readonly slug: string;
  readonly [field: string]: unknown;
}

export interface ModelsRequest {
  readonly dispatcher: Dispatcher;
  readonly address: UpstreamAddress;
  readonly clientVersion: string;
  /** Alternating names and values. */
  readonly headers: string[];
}

const TIMEOUT_MS = 15_000;

/** Null when the upstream did not answer with a catalogue. Never rejects. */
export async function fetchModels({
  dispatcher,
  address,
  clientVersion,
  headers,
}: ModelsRequest): Promise<ModelRow[] | null> {
  try {
    const { statusCode, body } = await dispatcher.request({
      origin: address.origin,
      path: `${address.prefix}/models?client_version=${encodeURIComponent(clientVersion)}`,
      method: "GET",
      headers,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer = (await body.json()) as { models?: unknown };
    if (statusCode !== 200 || !Array.isArray(answer.models)) return null;
    return answer.models.filter((row): row is ModelRow => typeof (row as ModelRow | null)?.slug === "string");
  } catch {
    return null;
  }
}
