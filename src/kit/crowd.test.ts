import fc from "fast-check";
import { expect, test } from "vitest";

import { Crowd, type Member } from "./crowd.ts";

test("the members are those that were added and have not left, in any order of coming and going", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(7))), (steps) => {
      const all = Array.from({ length: 8 }, (): Member => ({ place: -1 }));
      const crowd = new Crowd<Member>();
      const expected = new Set<Member>();
      for (const [isComing, number] of steps) {
        const member = all[number] as Member;
        if (isComing) crowd.add(member);
        else crowd.remove(member);
        if (isComing) expected.add(member);
        else expected.delete(member);
        expect(crowd.size).toBe(expected.size);
        expect(new Set(crowd.all())).toEqual(expected);
      }
    }),
  );
});

test("members may leave while the crowd is walked through", () => {
  const crowd = new Crowd<Member>();
  for (let count = 0; count < 3; count += 1) crowd.add({ place: -1 });
  for (const member of crowd.all()) crowd.remove(member);
  expect(crowd.size).toBe(0);
});
