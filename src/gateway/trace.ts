// The trace of requests in the original's words, one line per event, written only when tracing is on.

import type { AttemptRow, RequestRow } from "../contract/request-row.ts";
import type { Call } from "./call.ts";
import type { TraceLog } from "./ports.ts";

export interface TraceSettings {
  isEnabled(): boolean;
  /** So much of each request body is written; 0 writes none. */
  previewBytes(): number;
  strategy(): string;
  /** The user's order number of an account; null when it is gone. */
  sortOf(accountId: string): number | null;
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
  finished(row: RequestRow, call: Call): void {
    if (!this.#settings.isEnabled()) return;
    this.#started(row);
    this.#considered(row);
    for (const [index, attempt] of row.attempts.entries()) this.#attempted(row, attempt, index, call);
    this.#log.line("REQUEST_FINAL", {
      trace_id: row.traceId,
      status: row.statusCode,
      account_id: row.accountId,
      upstream_url: row.upstreamUrl,
      elapsed_ms: row.durationMs,
      error: row.error,
    });
  }

  #started(row: RequestRow): void {
    this.#log.line("REQUEST_START", {
      trace_id: row.traceId,
      key_id: row.keyId,
      method: row.method,
      path: row.path,
      model: row.model,
      reasoning: row.reasoningEffort,
      stream: row.isStream,
      protocol: row.protocol,
    });
  }

  #considered({ traceId: trace_id, keyId, candidates, skipped }: RequestRow): void {
    if (candidates.length > 0) {
      const ordered = candidates.map((id) => `${id}#sort=${this.#settings.sortOf(id) ?? "-"}`);
      this.#log.line("CANDIDATE_POOL", {
        trace_id,
        key_id: keyId,
        strategy: this.#settings.strategy(),
        ordered_candidates: ordered.join(","),
      });
    }
    for (const { accountId, reason, until } of skipped) {
      const until_ts = until === null ? null : Math.floor(until / 1000);
      this.#log.line("CANDIDATE_SKIP", { trace_id, account_id: accountId, reason, until: until_ts });
    }
  }

  /** Tells only what is at hand: the body is gone, and is not read again for this. */
  #attempted(row: RequestRow, { accountId, reason, status, message }: AttemptRow, index: number, call: Call): void {
    const own = { trace_id: row.traceId, account_id: accountId };
    const candidate = `${index + 1}/${row.attempts.length}`;
    const isMoved = row.lost.length > 0 && reason !== "bound" && reason !== "parent";
    this.#log.line("CANDIDATE_START", { ...own, candidate, reason, strip_session_affinity: isMoved });
    this.#log.line("ATTEMPT_PROFILE", {
      ...own,
      session_source: call.record.conversationSource,
      has_turn_state: call.request.headers["x-codex-turn-state"] !== undefined,
      has_conversation: row.conversation !== null,
      body_len: call.record.bodyBytes,
      body_model: row.model,
    });
    this.#log.line("ATTEMPT_RESULT", { ...own, status, upstream_url: row.upstreamUrl, error: message });
  }
}
