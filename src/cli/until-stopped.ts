// Keeps a command running until a signal or somebody entitled asks it to stop; then stops it in order. A second signal
// ends the process at once.

import type { Context } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";

export interface Signals {
  /** Resolves with the first signal. */
  readonly first: Promise<void>;
  readonly close: () => void;
}

export interface Running {
  readonly whenAsked: readonly Promise<void>[];
  readonly stop: () => Promise<void>;
}

/** npm passes on the Ctrl+C that the terminal has sent to everybody already; two so close together are one. */
const SAME_SIGNAL_MS = 500;

/** Begins to take signals; do this before anything is opened that must be closed again. */
export function takeSignals({ terminal, words }: Context): Signals {
  const { clock } = terminal;
  const first = Promise.withResolvers<void>();
  let firstAt: number | null = null;
  const close = terminal.onSignal(() => {
    if (firstAt === null) {
      firstAt = clock.now();
      terminal.err(words.stopping);
      first.resolve();
    } else if (clock.now() - firstAt > SAME_SIGNAL_MS) {
      terminal.exit(exitCodes.interrupted);
    }
  });
  return { first: first.promise, close };
}

export async function untilStopped(signals: Signals, { whenAsked, stop }: Running): Promise<void> {
  await Promise.race([signals.first, ...whenAsked]);
  await stop();
  signals.close();
}
