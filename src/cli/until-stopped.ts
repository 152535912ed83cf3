// Keeps a command running until a signal or somebody entitled asks it to stop; then stops it in order. A second signal
// ends the process at once.

import type { Context } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";

export interface Running {
  readonly whenAsked: readonly Promise<void>[];
  readonly stop: () => Promise<void>;
}

/** npm passes on the Ctrl+C that the terminal has sent to everybody already; two so close together are one. */
const SAME_SIGNAL_MS = 500;

export async function untilStopped({ terminal, words }: Context, { whenAsked, stop }: Running): Promise<void> {
  const { clock } = terminal;
  const signalled = Promise.withResolvers<void>();
  let firstAt: number | null = null;
  const unsubscribe = terminal.onSignal(() => {
    if (firstAt === null) {
      firstAt = clock.now();
      terminal.err(words.stopping);
      signalled.resolve();
    } else if (clock.now() - firstAt > SAME_SIGNAL_MS) {
      terminal.exit(exitCodes.interrupted);
    }
  });
  await Promise.race([signalled.promise, ...whenAsked]);
  await stop();
  unsubscribe();
}
