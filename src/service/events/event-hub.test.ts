import { describe, expect, test } from "vitest";

import type { ServiceEvent } from "../../contract/events.ts";
import { VirtualClock } from "../../kit/virtual-clock.ts";
import { batchMs, EventHub, idleMs, keptEvents } from "./event-hub.ts";

interface Heard {
  readonly id: string | undefined;
  readonly event: ServiceEvent;
}

function parse(text: string): Heard[] {
  return text
    .split("\n\n")
    .filter(Boolean)
    .map((block) => ({
      id: /^id: (.+)$/m.exec(block)?.[1],
      event: JSON.parse(/^data: (.+)$/m.exec(block)?.[1] ?? "") as ServiceEvent,
    }));
}

function bench(startId = "s1") {
  const clock = new VirtualClock();
  let idle = 0;
  const hub = new EventHub({ clock, startId, version: "1", onIdle: () => (idle += 1) });
  const listen = (lastId: string | null = null) => {
    const batches: Heard[][] = [];
    let isEnded = false;
    const leave = hub.open(lastId, {
      take: (batch) => void batches.push(parse(batch.toString())),
      end: () => (isEnded = true),
    });
    return { batches, leave, heard: () => batches.flat(), isEnded: () => isEnded };
  };
  let reads = 0;
  const say = (key: string, entity: string | null = key) =>
    hub.publish("settings/changed", entity, () => {
      reads += 1;
      return { key, needsRestart: false };
    });
  return { clock, hub, listen, say, reads: () => reads, idle: () => idle };
}

const keys = (heard: readonly Heard[]) =>
  heard.flatMap(({ event }) => (event.type === "settings/changed" ? event.key : []));
const types = (heard: readonly Heard[]) => heard.map(({ event }) => event.type);

describe("a listener", () => {
  test("is greeted with the server's clock and the newest id", () => {
    const { clock, listen } = bench();
    expect(listen().heard()).toEqual([
      { id: "s1-0", event: { type: "hello", version: "1", nowMs: clock.now(), lastEventId: "s1-0" } },
    ]);
  });

  test("hears the first event at once and those that follow in batches, at most four a second", () => {
    const { clock, listen, say } = bench();
    const { batches } = listen();
    for (let index = 0; index < 100; index += 1) {
      say(`k${index}`);
      clock.advance(10);
    }
    clock.advance(batchMs);
    expect(keys(batches.flat())).toHaveLength(100);
    expect(batches.length - 1).toBeLessThanOrEqual(5);
    expect(keys(batches[1] ?? [])).toEqual(["k0"]);
  });

  test("hears the newest state of an entity once per batch, and every event about none", () => {
    const { clock, listen, hub, say } = bench();
    const { heard } = listen();
    say("first");
    clock.advance(0);
    let state = 1;
    hub.publish("settings/changed", "x", () => ({ key: `x${state}`, needsRestart: false }));
    say("between");
    hub.publish("settings/changed", "x", () => ({ key: `x${state}`, needsRestart: false }));
    say("loose", null);
    say("loose", null);
    state = 2;
    clock.advance(batchMs);
    expect(keys(heard())).toEqual(["first", "between", "x2", "loose", "loose"]);
    expect(heard().map(({ id }) => id)).toEqual(["s1-0", "s1-1", "s1-2", "s1-3", "s1-4", "s1-5"]);
  });

  test("that has left hears nothing more", () => {
    const { clock, listen, say } = bench();
    const { batches, leave } = listen();
    leave();
    say("a");
    clock.advance(batchMs);
    expect(batches).toHaveLength(1);
  });

  test("is told to end when the hub closes, after what still waits", () => {
    const { clock, hub, listen, say } = bench();
    const { heard, isEnded } = listen();
    say("a");
    hub.close();
    expect([keys(heard()), isEnded(), clock.pending]).toEqual([["a"], true, 0]);
  });
});

describe("without listeners", () => {
  test("nothing is kept or read until somebody has listened", () => {
    const { clock, say, reads, listen } = bench();
    say("a");
    expect([clock.pending, reads()]).toEqual([0, 0]);
    expect(keys(listen("s1-0").heard())).toEqual([]);
  });

  test("events are kept unread for those who come back, and read once for all of them", () => {
    const { clock, listen, say, reads } = bench();
    listen().leave();
    say("a");
    clock.advance(batchMs);
    expect(reads()).toBe(0);
    expect(keys(listen("s1-0").heard())).toEqual(["a"]);
    expect(keys(listen("s1-0").heard())).toEqual(["a"]);
    expect(reads()).toBe(1);
  });
});

describe("when the last listener has been gone for long", () => {
  test("nothing is kept any more, and who comes back is told to fetch everything", () => {
    const { clock, hub, listen, say, idle, reads } = bench();
    const [one, two] = [listen(), listen()];
    one.leave();
    two.leave();
    clock.advance(idleMs - 1);
    expect([hub.isWanted, idle()]).toEqual([true, 0]);
    say("a");
    clock.advance(1);
    say("b");
    expect([hub.isWanted, idle(), clock.pending, reads()]).toEqual([false, 1, 0, 0]);
    expect(types(listen("s1-0").heard())).toEqual(["hello", "resync"]);
    expect(types(listen(listen().heard()[0]?.id).heard())).toEqual(["hello"]);
  });

  test("but not while another has come", () => {
    const { clock, hub, listen } = bench();
    listen().leave();
    clock.advance(idleMs - 1);
    listen();
    clock.advance(idleMs);
    expect(hub.isWanted).toBe(true);
  });
});

describe("coming back with an id", () => {
  test("brings what was missed, in order, with the ids it had", () => {
    const { clock, listen, say } = bench();
    const first = listen();
    for (const key of ["a", "b", "c"]) {
      say(key);
      clock.advance(batchMs);
    }
    const second = listen("s1-1").heard();
    expect(second[0]).toMatchObject({ id: "s1-1", event: { type: "hello", lastEventId: "s1-3" } });
    expect(second.slice(1)).toEqual(first.heard().slice(2));
  });

  test.each([
    ["of an earlier start", "s0-1"],
    ["that was never given", "s1-9"],
    ["that is none", "x"],
    ["that only begins like one", "s1-1x"],
  ])("%s leads to a resync", (_what, id) => {
    const { clock, listen, say } = bench();
    listen();
    say("a");
    clock.advance(batchMs);
    const heard = listen(id).heard();
    expect([types(heard), heard[0]?.id]).toEqual([["hello", "resync"], "s1-1"]);
  });

  test("works for as many events as are kept, and not for one more", () => {
    const { clock, listen, say } = bench();
    listen();
    for (let index = 0; index <= keptEvents; index += 1) {
      say(`k${index}`);
      clock.advance(batchMs);
    }
    expect(keys(listen("s1-1").heard())).toHaveLength(keptEvents);
    expect(types(listen("s1-0").heard())).toEqual(["hello", "resync"]);
  });

  test("a batch too large to be told one by one is told as a resync", () => {
    const { clock, listen, say } = bench();
    const { heard } = listen();
    for (let index = 0; index < keptEvents + 10; index += 1) say(`k${index}`);
    clock.advance(batchMs);
    expect(types(heard()).slice(0, 3)).toEqual(["hello", "resync", "settings/changed"]);
    expect(keys(heard())).toHaveLength(10);
    expect(types(listen("s1-0").heard())).toContain("resync");
  });
});
