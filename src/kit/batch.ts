// Turns many small requests to write into few writes. What is written, and where it waits, is the caller's.

import type { Clock } from "./clock.ts";

export interface Batch {
  /** Asks for a write within the delay. Cheap; call it for every change. */
  soon(): void;
  /** Writes now what has been asked for, and waits until it is written. */
  flush(): Promise<void>;
}

export interface BatchOptions {
  readonly clock: Clock;
  readonly delayMs: number;
  /** Writes everything that waits. Never runs twice at once. */
  readonly write: () => void | Promise<void>;
  /** A failed write is reported here and tried again after the delay. */
  readonly onError: (error: unknown) => void;
}

export function createBatch({ clock, delayMs, write, onError }: BatchOptions): Batch {
  let isWanted = false;
  let running: Promise<void> | null = null;

  async function run(): Promise<void> {
    while (isWanted) {
      isWanted = false;
      try {
        await write();
      } catch (error) {
        onError(error);
        return soon();
      }
    }
  }

  function start(): Promise<void> {
    running ??= run().finally(() => (running = null));
    return running;
  }

  function soon(): void {
    if (isWanted) return;
    isWanted = true;
    clock.timer(delayMs, () => void start());
  }

  return {
    soon,
    async flush() {
      await running;
      await start();
    },
  };
}
