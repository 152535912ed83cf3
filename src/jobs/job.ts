// What a background job is. When it runs is the loop's business; what it does is in a file of its own.

/**
 * How a run ended. `idle`: there was nothing to do, which says nothing about earlier failures. `failed` is trouble that may
 * pass, told in a sentence.
 */
export type RunEnd = "done" | "idle" | { readonly failed: string };

/** Everything that depends on settings is asked anew each time, so that changes count at once. */
export interface Job {
  readonly name: string;
  /** From the start of the service to the first run. */
  readonly firstDelaySeconds: number;
  isEnabled(): boolean;
  /** From the end of a run to the next one. */
  intervalSeconds(): number;
  /** At most so much is added at random. */
  jitterSeconds(): number;
  /** The longest wait that failures lead to, unless the interval is longer. */
  backoffMaxSeconds(): number;
  /** Returns soon when the signal aborts. An exception is a bug, and counts as a failure. */
  run(signal: AbortSignal): Promise<RunEnd>;
}

/** What is known of a job while the service runs. Instants in epoch ms. */
export interface JobStatus {
  readonly name: string;
  readonly isEnabled: boolean;
  readonly isRunning: boolean;
  readonly lastRunAt: number | null;
  readonly lastEndedAt: number | null;
  /** Why the last run that had something to do failed; null when it did not. */
  readonly lastError: string | null;
  /** Null while it runs and while it is switched off. */
  readonly nextRunAt: number | null;
  /** Failed runs since the last good one. */
  readonly failures: number;
}

/** The wait after so many failures in a row: it doubles from the second on, up to the cap or the interval. */
export function waitSeconds(intervalSeconds: number, failures: number, backoffMaxSeconds: number): number {
  if (failures === 0) return intervalSeconds;
  return Math.min(intervalSeconds * 2 ** (failures - 1), Math.max(backoffMaxSeconds, intervalSeconds));
}
