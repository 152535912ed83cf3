import fc from "fast-check";
import { expect, test } from "vitest";
import { DueTimes } from "./due-times.ts";

function takeAll(due: DueTimes, now: number): number[] {
  const taken: number[] = [];
  for (let place = due.take(now); place >= 0; place = due.take(now)) taken.push(place);
  return taken;
}

test("a place is handed out once, at its time", () => {
  const due = new DueTimes();
  due.set(7, 100);
  expect(due.take(99)).toBe(-1);
  expect(takeAll(due, 100)).toEqual([7]);
  expect(due.take(1000)).toBe(-1);
});

test("what was put off, brought forward or called off counts as it was set last", () => {
  const due = new DueTimes();
  due.set(1, 100);
  due.set(1, 300);
  due.set(2, 300);
  due.set(2, 100);
  due.set(3, 100);
  due.set(3, Number.POSITIVE_INFINITY);
  expect(takeAll(due, 200)).toEqual([2]);
  expect(takeAll(due, 300)).toEqual([1]);
});

test("places come in the order of their times, whatever order they were set in", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { maxLength: 50 }), (times) => {
      const due = new DueTimes();
      times.forEach((at, place) => due.set(place, at));
      expect(takeAll(due, 1000).map((place) => times[place])).toEqual(times.toSorted((a, b) => a - b));
    }),
  );
});
