// The headers of an upstream answer as the client gets them.
// Facts: what Codex 0.169 does with `openai-model` (a name other than the one it asked for makes it warn the user of a
// flagged account) and `x-models-etag` (another value than its own makes it fetch the catalogue again).

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const DROPPED: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "set-cookie",
  "alt-svc",
  "strict-transport-security",
  "nel",
  "report-to",
  "server",
  "openai-organization",
]);

export interface AnswerContext {
  /** The model the client believes to talk to. */
  readonly model: string | null;
  readonly traceId: string;
  readonly modelsEtag: string | null;
  /** The length of a stream is only known when it is over. */
  readonly isEventStream: boolean;
}

export function answerHeaders(upstream: Headers, context: AnswerContext): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const name in upstream) {
    const value = upstream[name];
    if (value === undefined || DROPPED.has(name)) continue;
    if (name === "content-length" && context.isEventStream) continue;
    if ((name === "openai-model" || name === "x-openai-model") && value !== context.model) continue;
    if (name === "x-models-etag") {
      if (context.modelsEtag !== null) headers[name] = context.modelsEtag;
      continue;
    }
    headers[name] = value;
  }
  headers["x-codexmanager-trace-id"] = context.traceId;
  return headers;
}
