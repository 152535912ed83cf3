// The trace of requests in the original's words, one line per event, written only when tracing is on.

import type { RequestRow } from "../contract/request-row.ts";
import type { TraceLog } from "./ports.ts";

export interface TraceSettings {
  isEnabled(): boolean;
  /** So much of each request body is written; 0 writes none. */
  previewBytes(): number;
}

export class Trace {
  readonly #log: TraceLog;
  readonly #settings: TraceSettings;

  constructor(log: TraceLog, settings: TraceSettings) {
    this.#log = log;
    this.#settings = settings;
  }

  /** The beginning of a request's body, for those who have asked to see it. */
  body(traceId: string, text: Buffer): void {
    if (!this.#settings.isEnabled()) return;
    const most = this.#settings.previewBytes();
    if (most === 0) return;
    this.#log.line("REQUEST_BODY", {
      trace_id: traceId,
      len: text.length,
      preview_bytes: Math.min(text.length, most),
      truncated: text.length > most,
      preview: text.toString("utf8", 0, most),
    });
  }

  /** Tells the whole story of a finished request at once, in the order in which it happened. */
  finished(row: RequestRow): void {
    if (!this.#settings.isEnabled()) return;
    const trace_id = row.traceId;
    this.#log.line("REQUEST_START", {
      trace_id,
      key_id: row.keyId,
      method: row.method,
      path: row.path,
      model: row.model,
      reasoning: row.reasoningEffort,
      stream: row.isStream,
      protocol: row.protocol,
    });
    for (const skip of row.skipped) {
      this.#log.line("CANDIDATE_SKIP", { trace_id, account_id: skip.accountId, reason: skip.reason });
    }
    for (const [index, attempt] of row.attempts.entries()) {
      const candidate = `${index + 1}/${row.attempts.length}`;
      this.#log.line("CANDIDATE_START", { trace_id, candidate, account_id: attempt.accountId });
      this.#log.line("ATTEMPT_RESULT", {
        trace_id,
        account_id: attempt.accountId,
        status: attempt.status,
        upstream_url: row.upstreamUrl,
        error: attempt.message,
      });
    }
    this.#log.line("REQUEST_FINAL", {
      trace_id,
      status: row.statusCode,
      account_id: row.accountId,
      upstream_url: row.upstreamUrl,
      elapsed_ms: row.durationMs,
      error: row.error,
    });
  }
}
