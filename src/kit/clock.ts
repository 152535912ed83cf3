// Time as a value that is passed in, so that everything above can run on a virtual clock.

export interface Timer {
  /** Starts the interval anew from the present moment. */
  refresh(): void;
  cancel(): void;
}

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls `fire` once after `ms` milliseconds. A pending timer does not keep the process alive. */
  timer(ms: number, fire: () => void): Timer;
}

class SystemTimer implements Timer {
  readonly #timeout: NodeJS.Timeout;

  constructor(ms: number, fire: () => void) {
    this.#timeout = setTimeout(fire, ms).unref();
  }

  refresh(): void {
    this.#timeout.refresh();
  }

  cancel(): void {
    clearTimeout(this.#timeout);
  }
}

export const systemClock: Clock = {
  now: () => Date.now(),
  timer: (ms, fire) => new SystemTimer(ms, fire),
};

/** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
export function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const timer = clock.timer(ms, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    function onAbort(): void {
      timer.cancel();
      reject(signal?.reason as Error);
    }
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
