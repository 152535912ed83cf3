import fc from "fast-check";
import { expect, test } from "vitest";
import { Tournament } from "./tournament.ts";

/** All places in their order, by passing over those already told. */
function order(tournament: Tournament): number[] {
  const told = new Set<number>();
  for (;;) {
    const place = tournament.first((each) => told.has(each));
    if (place < 0) return [...told];
    told.add(place);
  }
}

test("an empty one has no first", () => expect(new Tournament(0).first(() => false)).toBe(-1));

test("places rank by major, then minor, then by themselves, and those outside are not told", () => {
  const tournament = new Tournament(5);
  tournament.set(4, 0, 2);
  tournament.set(3, 0, 1);
  tournament.set(2, Number.POSITIVE_INFINITY, 0);
  tournament.set(1, 1, 0);
  tournament.set(0, 1, 0);
  expect(order(tournament)).toEqual([3, 4, 0, 1]);
  expect(tournament.isInside(2)).toBe(false);
});

test("after any changes the order is that of a sort", () => {
  const change = fc.tuple(fc.nat(19), fc.constantFrom(0, 1, 2, Number.POSITIVE_INFINITY), fc.nat(3));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      const tournament = new Tournament(20);
      const ranks = new Map<number, readonly [number, number]>();
      for (const [place, major, minor] of changes) {
        tournament.set(place, major, minor);
        ranks.set(place, [major, minor]);
      }
      const inside = [...ranks].filter(([, [major]]) => major !== Number.POSITIVE_INFINITY);
      const sorted = inside.sort(([a, x], [b, y]) => x[0] - y[0] || x[1] - y[1] || a - b);
      expect(order(tournament)).toEqual(sorted.map(([place]) => place));
    }),
  );
});
