// A histogram of milliseconds, for /metrics. To count costs a step along a short list of bounds.

import { metricText } from "./metric-text.ts";

/** Upper bounds, ms: from what a local gateway adds to what a slow model takes for its first word. */
const BOUNDS = [0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000];

export class Histogram {
  /** By the first bound that is not exceeded; the last is for what exceeds all. */
  readonly #counts = new Float64Array(BOUNDS.length + 1);
  #sum = 0;

  observe(ms: number): void {
    let bucket = 0;
    while (bucket < BOUNDS.length && ms > (BOUNDS[bucket] as number)) bucket += 1;
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
    this.#sum += ms;
  }

  text(name: string, help: string): string {
    let count = 0;
    const buckets = Array.from(this.#counts, (each, bucket) => {
      count += each;
      return { suffix: "_bucket", labels: { le: String(BOUNDS[bucket] ?? "+Inf") }, value: count };
    });
    const totals = [
      { suffix: "_sum", value: this.#sum },
      { suffix: "_count", value: count },
    ];
    return metricText({ name, help, type: "histogram", samples: [...buckets, ...totals] });
  }
}
