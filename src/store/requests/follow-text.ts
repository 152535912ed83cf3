// Lets the text index follow the log in the background: a moment after rows were written, in slices.

import { breathe } from "./slices.ts";

const delayMs = 500;

export interface TextFollower {
  /** There may be something to index. Cheap. */
  soon(): void;
  stop(): void;
}

/** `index` does one slice and tells whether there is more. What fails is tried again with the next rows. */
export function followText(index: () => boolean): TextFollower {
  let timer: NodeJS.Timeout | null = null;
  let isRunning = false;
  let isStopped = false;

  async function run(): Promise<void> {
    isRunning = true;
    try {
      for (;;) {
        if (isStopped || !index()) return;
        await breathe();
      }
    } catch {
      // A full or locked disk: searches look at the rows themselves until it is over.
    } finally {
      isRunning = false;
    }
  }

  return {
    soon() {
      if (timer !== null || isRunning || isStopped) return;
      timer = setTimeout(() => {
        timer = null;
        void run();
      }, delayMs);
    },
    stop() {
      isStopped = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}
