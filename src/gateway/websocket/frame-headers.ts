// The headers of a request that came as a frame: those of the upgrade, with what the frame itself says of its turn.
// Facts: Codex 0.125 to 0.169 put into `client_metadata` what they send as headers over HTTP: some under the header's own
// name, others as `ws_request_header_<name>` with underscores, which exist in frames only, as does `x-codex-ws-…`.

import type { IncomingHttpHeaders } from "node:http";
import { asObject, asText, type JsonObject, parseJson } from "../../kit/json-value.ts";

export interface FrameHeaders {
  readonly headers: IncomingHttpHeaders;
  /** Alternating names and values. */
  readonly rawHeaders: readonly string[];
}

/** Of `client_metadata` these are headers over HTTP; the turn state is nothing else there. */
const TURN_HEADERS: ReadonlySet<string> = new Set([
  "x-codex-turn-metadata",
  "x-codex-window-id",
  "x-codex-turn-state",
  "x-codex-parent-thread-id",
  "x-openai-subagent",
]);
const TURN_STATE = "x-codex-turn-state";
const CARRIED = "ws_request_header_";
const ONLY_IN_FRAMES = ["x-codex-ws-", CARRIED, TURN_STATE];
const NAME = /^[a-z0-9-]{1,64}$/;
const VALUE = /^[\t\x20-\x7e]*$/;

/** Who asks, and how the request is framed, was settled at the upgrade. */
const SETTLED: ReadonlySet<string> = new Set([
  "authorization",
  "x-api-key",
  "api-key",
  "x-goog-api-key",
  "cookie",
  "host",
  "originator",
  "connection",
  "upgrade",
  "content-length",
  "content-type",
  "content-encoding",
  "transfer-encoding",
  "accept",
]);
/** Of the upgrade, not of a request over HTTP. */
const OF_UPGRADE = /^(?:connection|upgrade|sec-websocket-.*|content-.*|transfer-encoding|accept)$/;
const WEBSOCKET_BETA = /^responses_websockets=/;

/** What all frames of a connection have in common; alternating names and values. */
export function upgradeHeaders(rawHeaders: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    if (OF_UPGRADE.test(name)) continue;
    const value = name === "openai-beta" ? withoutWebSocket(rawHeaders[index + 1]) : (rawHeaders[index + 1] ?? "");
    if (value !== null) kept.push(name, value);
  }
  kept.push("content-type", "application/json", "accept", "text/event-stream");
  return kept;
}

function withoutWebSocket(value = ""): string | null {
  const kept = value.split(",").filter((feature) => !WEBSOCKET_BETA.test(feature.trim()));
  return kept.length === 0 ? null : kept.join(",").trim();
}

export interface FrameFacts {
  readonly clientMetadata: unknown;
  /** The turn state that an earlier answer of the same turn gave; null when there is none. */
  readonly turnState: string | null;
}

/** `shared` are the upgrade's; what the frame says of the same header counts. */
export function frameHeaders(
  shared: readonly string[],
  { clientMetadata, turnState }: FrameFacts = { clientMetadata: null, turnState: null },
): FrameHeaders {
  const own = new Map(ownHeaders(asObject(clientMetadata) ?? {}));
  if (turnState !== null && !own.has(TURN_STATE)) own.set(TURN_STATE, turnState);
  const rawHeaders: string[] = [];
  for (let index = 0; index + 1 < shared.length; index += 2) {
    const name = shared[index] ?? "";
    if (!own.has(name)) rawHeaders.push(name, shared[index + 1] ?? "");
  }
  for (const [name, value] of own) rawHeaders.push(name, value);
  return { headers: byName(rawHeaders), rawHeaders };
}

/** The field as it is sent over HTTP: JSON, null when nothing is left of it, undefined when it needs no change. */
export function httpMetadata(clientMetadata: unknown): string | null | undefined {
  const fields = asObject(clientMetadata);
  if (fields === null) return undefined;
  const kept = Object.entries(fields).filter(([key]) => !ONLY_IN_FRAMES.some((start) => key.startsWith(start)));
  if (kept.length === Object.keys(fields).length) return undefined;
  return kept.length === 0 ? null : JSON.stringify(Object.fromEntries(kept));
}

/** Names the turn; null when the client does not, or before its first one. */
export function turnIdOf(clientMetadata: unknown): string | null {
  const metadata = asObject(clientMetadata);
  const told = asObject(parseJson(asText(metadata?.["x-codex-turn-metadata"]) ?? ""));
  return asText(metadata?.["turn_id"]) || asText(told?.["turn_id"]) || null;
}

function ownHeaders(metadata: JsonObject): Array<readonly [string, string]> {
  return Object.entries(metadata).flatMap(([key, value]) => {
    const name = headerName(key);
    const text = typeof value === "string" ? headerValue(value) : null;
    return name === null || text === null ? [] : [[name, text] as const];
  });
}

function headerName(key: string): string | null {
  if (TURN_HEADERS.has(key)) return key;
  if (!key.startsWith(CARRIED)) return null;
  const name = key.slice(CARRIED.length).toLowerCase().replaceAll("_", "-");
  return NAME.test(name) && !SETTLED.has(name) ? name : null;
}

/** A JSON text can be written in plain letters; what else has others is no header over HTTP either. */
function headerValue(value: string): string | null {
  if (VALUE.test(value)) return value;
  if (!value.startsWith("{")) return null;
  const plain = value.replace(/[\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return VALUE.test(plain) ? plain : null;
}

/** As the HTTP server gives them: the first one counts where a name stands twice. */
function byName(rawHeaders: readonly string[]): IncomingHttpHeaders {
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < rawHeaders.length; index += 2)
    headers[rawHeaders[index] ?? ""] ??= rawHeaders[index + 1] ?? "";
  return headers;
}
