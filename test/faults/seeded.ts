// Random numbers that can be had again: the seed is told with every failure.

export interface Seeded {
  readonly seed: number;
  /** A whole number from 0 up to, but not including, `end`. */
  below(end: number): number;
}

/** `FAULTS_SEED` repeats a run. The generator is mulberry32, which is in the public domain. */
export function seeded(given = process.env.FAULTS_SEED): Seeded {
  const seed = given === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(given) >>> 0;
  let state = seed;
  return {
    seed,
    below(end) {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((((mixed ^ (mixed >>> 14)) >>> 0) * end) / 2 ** 32) | 0;
    },
  };
}
