// How many requests each platform key has under way. What is beyond its limit waits in line, first come first served, for
// a bounded time.

import type { Clock } from "../kit/clock.ts";

interface Line {
  running: number;
  readonly waiting: Set<() => void>;
}

const MOST_WAITING = 1000;

export class KeyPlaces {
  readonly #clock: Clock;
  readonly #lines = new Map<string, Line>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Takes a place; false when there was none within `waitMs`, or nobody waits any more. `whenGone` is told what to do
   * when that happens. A place that was taken is to be given back.
   */
  async take(
    keyId: string,
    limits: { readonly most: number; readonly waitMs: number },
    whenGone: (act: (() => void) | null) => void,
  ): Promise<boolean> {
    const line = this.#lines.get(keyId) ?? { running: 0, waiting: new Set() };
    this.#lines.set(keyId, line);
    const isFree = line.running < limits.most && line.waiting.size === 0;
    const isAdmitted =
      isFree || (line.waiting.size < MOST_WAITING && (await this.#wait(line, limits.waitMs, whenGone)));
    // Who has waited was given the place by the one who left.
    if (isFree) line.running += 1;
    return isAdmitted;
  }

  giveBack(keyId: string): void {
    const line = this.#lines.get(keyId);
    if (line === undefined) return;
    const [next] = line.waiting;
    if (next !== undefined) {
      line.waiting.delete(next);
      next();
      return;
    }
    line.running -= 1;
    if (line.running === 0) this.#lines.delete(keyId);
  }

  #wait(line: Line, waitMs: number, whenGone: (act: (() => void) | null) => void): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (isAdmitted: boolean): void => {
        timer.cancel();
        whenGone(null);
        line.waiting.delete(admit);
        resolve(isAdmitted);
      };
      const admit = (): void => end(true);
      const timer = this.#clock.timer(waitMs, () => end(false));
      line.waiting.add(admit);
      whenGone(() => end(false));
    });
  }
}
