// What was seen when an upstream did not serve a request: the only thing classification looks at.

export interface Observation {
  /** `connect`: no connection; `wait`: no answer in time; `answer`: an HTTP answer; `stream`: inside a 200 stream. */
  readonly phase: "connect" | "wait" | "answer" | "stream";
  readonly status: number | null;
  /** Structured words of the error body, lower case as sent. */
  readonly code: string | null;
  readonly type: string | null;
  /** The error text, exactly as sent; empty when there was none. */
  readonly message: string;
  /** An HTML page where JSON belongs: a challenge or a proxy's own error page. */
  readonly isHtml: boolean;
  /** Wait the upstream asked for, in milliseconds from now. */
  readonly retryAfterMs: number | null;
  /** Epoch ms at which the upstream says the limit ends. */
  readonly resetsAt: number | null;
}
