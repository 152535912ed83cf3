// The headers a request carries to the ChatGPT Codex backend. A native client keeps its own; for any other the gateway
// speaks under its own name and invents nothing.
// Facts: what Codex 0.58 to 0.169 send, and which inbound names identify a client, a browser or a network.

export interface HeaderRequest {
  /** Alternating names and values as they arrived. */
  readonly rawHeaders: readonly string[];
  readonly isNative: boolean;
  readonly accessToken: string;
  readonly chatgptAccountId: string | null;
  /** Names the conversation for clients that are not native. */
  readonly sessionId: string | null;
  /** Whether the turn state in the client's headers belongs to this account. */
  readonly keepsTurnState: boolean;
  readonly policy: HeaderPolicy;
}

export interface HeaderPolicy {
  readonly userAgent: string;
  readonly originator: string;
  readonly cookie: string | null;
  /** The original's "cpa-no-cookie" mode: no account id, beta and affinity headers. A cookie that is set is still sent. */
  readonly isNoCookieMode: boolean;
}

/** Never forwarded: credentials, hop-by-hop names, and what tells of the network between client and gateway. */
const STRIPPED: ReadonlySet<string> = new Set([
  "authorization",
  "x-api-key",
  "x-goog-api-key",
  "api-key",
  "cookie",
  "proxy-authorization",
  "proxy-connection",
  "chatgpt-account-id",
  "host",
  "content-length",
  "connection",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "expect",
  "accept-encoding",
  "forwarded",
  "via",
  "x-real-ip",
  "true-client-ip",
  "origin",
  "referer",
]);
const STRIPPED_PREFIXES = ["x-forwarded-", "cf-", "sec-", "x-codexmanager-"];
const AFFINITY: ReadonlySet<string> = new Set(["openai-beta", "conversation_id", "x-codex-turn-state"]);

/** Alternating names and values. Content-Encoding stays, since the body is forwarded as it came unless it was edited. */
export function chatgptHeaders(request: HeaderRequest): string[] {
  const { policy } = request;
  const headers = request.isNative ? nativeHeaders(request) : foreignHeaders(request);
  headers.push("authorization", `Bearer ${request.accessToken}`);
  if (request.chatgptAccountId !== null && !policy.isNoCookieMode) {
    headers.push("chatgpt-account-id", request.chatgptAccountId);
  }
  if (policy.cookie !== null) headers.push("cookie", policy.cookie);
  return headers;
}

function nativeHeaders({ rawHeaders, keepsTurnState, policy }: HeaderRequest): string[] {
  const headers: string[] = [];
  const listed = connectionListed(rawHeaders);
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    const lower = name.toLowerCase();
    if (STRIPPED.has(lower) || listed?.includes(lower)) continue;
    if (STRIPPED_PREFIXES.some((prefix) => lower.startsWith(prefix))) continue;
    if (policy.isNoCookieMode && AFFINITY.has(lower)) continue;
    if (lower === "x-codex-turn-state" && !keepsTurnState) continue;
    headers.push(name, rawHeaders[index + 1] ?? "");
  }
  return headers;
}

function foreignHeaders({ sessionId, policy }: HeaderRequest): string[] {
  const headers = [
    "content-type",
    "application/json",
    "accept",
    "text/event-stream",
    "user-agent",
    policy.userAgent,
    "originator",
    policy.originator,
  ];
  if (sessionId !== null) headers.push("session-id", sessionId);
  return headers;
}

/** Names that `Connection` declares to be hop-by-hop; usually there are none. */
function connectionListed(rawHeaders: readonly string[]): string[] | null {
  let listed: string[] | null = null;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() !== "connection") continue;
    const value = rawHeaders[index + 1]?.toLowerCase() ?? "";
    if (value === "keep-alive" || value === "close") continue;
    listed = [...(listed ?? []), ...value.split(",").map((name) => name.trim())];
  }
  return listed;
}
