import fc from "fast-check";
import { expect, test } from "vitest";

import { EventQueue } from "./event-queue.ts";

test("hands events out by time, and those of one moment as they came", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (times) => {
      const queue = new EventQueue<{ at: number; index: number }>();
      for (const [index, at] of times.entries()) queue.put(at, { at, index });
      const taken = times.map(() => queue.take());
      const sorted = times.map((at, index) => ({ at, index })).sort((a, b) => a.at - b.at || a.index - b.index);
      expect(taken).toEqual(sorted);
      expect(queue.take()).toBeUndefined();
      expect(queue.nextAt).toBe(Number.POSITIVE_INFINITY);
    }),
  );
});
