// Processes that killed services have left behind to finish what they had begun, and that must end by themselves. Only
// Linux tells who they are; elsewhere none are known.

import { readFileSync } from "node:fs";

import { pause, systemClock } from "../../src/kit/clock.ts";

const LOOK_MS = 50;
const LONGEST_MS = 15_000;

export class Leftovers {
  readonly #pids = new Set<number>();

  /** Remembers the children a process has now. */
  note(pid: number | undefined): void {
    const children = read(`/proc/${pid}/task/${pid}/children`);
    for (const child of children.split(" ").filter(Boolean)) this.#pids.add(Number(child));
  }

  /** Resolves when all of them have ended; throws when one does not. */
  async gone(): Promise<void> {
    const giveUpAt = systemClock.now() + LONGEST_MS;
    for (;;) {
      const running = [...this.#pids].filter((pid) => read(`/proc/${pid}/cmdline`).includes("worker"));
      if (running.length === 0) return;
      if (systemClock.now() > giveUpAt) throw new Error(`left running: process ${running.join(", ")}`);
      await pause(systemClock, LOOK_MS);
    }
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
