// Chance that is the same each time: everything a simulated world leaves to luck is drawn from here, by a seed.

export interface Random {
  /** From 0 up to 1. */
  next(): number;
  /** A whole number, both ends included. */
  between(least: number, most: number): number;
  chance(share: number): boolean;
  pick<T>(choices: readonly T[]): T;
}

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    return scrambled(state) / 2 ** 32;
  }
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    between,
    chance: (share) => next() < share,
    pick: (choices) => choices[between(0, choices.length - 1)] as (typeof choices)[number],
  };
}

/** One seed out of several numbers, so that what depends on it does not depend on what was drawn before. */
export function mixed(...numbers: readonly number[]): number {
  let state = 0x9e3779b9;
  for (const number of numbers) state = scrambled((state ^ (number >>> 0)) + 0x6d2b79f5);
  return state;
}

function scrambled(value: number): number {
  let mix = Math.imul(value ^ (value >>> 15), 1 | value);
  mix = (mix + Math.imul(mix ^ (mix >>> 7), 61 | mix)) ^ mix;
  return (mix ^ (mix >>> 14)) >>> 0;
}
