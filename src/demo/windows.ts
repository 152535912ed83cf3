// Quota windows of one account: they begin with the first use, fill, and are empty again when their time is over.

export interface WindowOptions {
  readonly lengthMinutes: number;
  readonly usedPercent?: number;
  /** From now; a window that is given neither use nor reset has not begun. */
  readonly resetsInMs?: number;
}

export interface WindowReading {
  readonly lengthMinutes: number;
  readonly usedPercent: number;
  /** Epoch ms. For a window that has not begun: when it would end if it began now. */
  readonly resetsAt: number;
}

export const FIVE_HOURS = 300;
export const WEEK = 10_080;
export const MONTH = 43_200;

export class QuotaWindow {
  readonly lengthMinutes: number;
  #usedPercent: number;
  #resetsAt: number | null;

  constructor(options: WindowOptions, now: number) {
    this.lengthMinutes = options.lengthMinutes;
    this.#usedPercent = options.usedPercent ?? 0;
    const hasBegun = options.resetsInMs !== undefined || this.#usedPercent > 0;
    this.#resetsAt = hasBegun ? now + (options.resetsInMs ?? this.#lengthMs) : null;
  }

  read(now: number): WindowReading {
    this.#roll(now);
    return {
      lengthMinutes: this.lengthMinutes,
      usedPercent: this.#usedPercent,
      resetsAt: this.#resetsAt ?? now + this.#lengthMs,
    };
  }

  isExhausted(now: number): boolean {
    this.#roll(now);
    return this.#usedPercent >= 100;
  }

  /** Counts use; the first use begins the window. */
  use(percent: number, now: number): void {
    this.set(this.read(now).usedPercent + percent, now);
  }

  /** Sets the reading, and with `resetsInMs` also the end. */
  set(usedPercent: number, now: number, resetsInMs?: number): void {
    this.#roll(now);
    this.#usedPercent = Math.min(100, usedPercent);
    if (resetsInMs !== undefined) this.#resetsAt = now + resetsInMs;
    else this.#resetsAt ??= now + this.#lengthMs;
  }

  /** Empty as if it had not begun. */
  reset(): void {
    this.#usedPercent = 0;
    this.#resetsAt = null;
  }

  get #lengthMs(): number {
    return this.lengthMinutes * 60_000;
  }

  #roll(now: number): void {
    if (this.#resetsAt === null || now < this.#resetsAt) return;
    this.#usedPercent = 0;
    this.#resetsAt = null;
  }
}
