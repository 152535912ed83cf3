import { describe, expect, test } from "vitest";
import { VirtualClock } from "../kit/virtual-clock.ts";
import { StreamWatch, type Watched } from "./stream-watch.ts";

const SECOND = 1000;

function bench(heartbeatMs: number, idleMs: number) {
  const clock = new VirtualClock();
  const watch = new StreamWatch(clock, () => ({ heartbeatMs, idleMs }));
  const events: string[] = [];
  const start = clock.now();
  const at = () => (clock.now() - start) / SECOND;
  const open = (name = "s") => {
    const stream = {
      place: -1,
      heardAt: clock.now(),
      spokenAt: clock.now(),
      isAnswered: false as boolean,
      beat: () => {
        events.push(`${name} beat ${at()}`);
        stream.spokenAt = clock.now();
      },
      rewind: (now: number) => void (stream.heardAt = stream.spokenAt = now),
      complete: () => finish("complete"),
      stalled: () => finish("stalled"),
    } satisfies Watched;
    function finish(how: string) {
      events.push(`${name} ${how} ${at()}`);
      watch.remove(stream);
    }
    watch.add(stream);
    return stream;
  };
  return { clock, watch, events, open };
}

describe("an open stream", () => {
  test("gets a sign of life whenever nothing was said for a while, none while the upstream talks", () => {
    const { clock, events, open } = bench(15 * SECOND, 0);
    const stream = open();
    clock.advance(10 * SECOND);
    stream.heardAt = stream.spokenAt = clock.now();
    clock.advance(30 * SECOND);
    expect(events).toEqual(["s beat 25", "s beat 40"]);
  });

  test("is ended when the upstream stays silent too long, signs of life or not", () => {
    const { clock, events, open } = bench(15 * SECOND, 40 * SECOND);
    open();
    clock.advance(60 * SECOND);
    expect(events).toEqual(["s beat 15", "s beat 30", "s stalled 40"]);
  });

  test("is left alone where both limits are off", () => {
    const { clock, events, open } = bench(0, 0);
    open();
    clock.advance(3600 * SECOND);
    expect(events).toEqual([]);
  });

  test("whose answer is complete is closed, though the upstream holds on", () => {
    const { clock, events, open } = bench(15 * SECOND, 300 * SECOND);
    const stream = open();
    clock.advance(5 * SECOND);
    stream.heardAt = clock.now();
    stream.isAnswered = true;
    clock.advance(20 * SECOND);
    expect(events).toEqual(["s complete 6"]);
  });
});

test("one timer serves all streams, and none runs when there are none", () => {
  const { clock, events, open } = bench(0, 3 * SECOND);
  open("a");
  open("b");
  expect(clock.pending).toBe(1);
  clock.advance(2 * SECOND);
  open("c");
  clock.advance(10 * SECOND);
  expect(events).toEqual(["a stalled 3", "b stalled 3", "c stalled 5"]);
  expect(clock.pending).toBe(0);
  open("d");
  expect(clock.pending).toBe(1);
});

test("a clock that is set back does not keep a silent stream open for as long", () => {
  const { clock, events, open } = bench(0, 30 * SECOND);
  const stream = open();
  stream.heardAt = clock.now() + 3600 * SECOND;
  clock.advance(40 * SECOND);
  expect(events).toEqual(["s stalled 31"]);
});
