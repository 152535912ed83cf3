// One measurement: traffic through a subject while its processor time is counted.

import type { ChildProcess } from "node:child_process";

import { type Asked, asking } from "./ask.ts";
import type { TrafficCase } from "./cases.ts";
import type { LoadQuestions, RunResult } from "./load.ts";
import type { MockQuestions } from "./mock-upstream.ts";
import { startPart, stop } from "./pinned.ts";
import { type Meter, meterOf } from "./process-cost.ts";
import type { Subject } from "./subject.ts";

/** The upstream and the load, which share a core. */
export interface Around {
  readonly mock: Asked<MockQuestions>;
  readonly load: Asked<LoadQuestions>;
  readonly upstreamPort: number;
  /** The upstream itself as a subject, to see what the way through a gateway adds. */
  readonly direct: Subject;
  /** Processor time of both so far, microseconds. */
  cpuMicros(): Promise<number>;
  stop(): Promise<void>;
}

export interface Figures {
  /** Processor time of the subject per request. */
  readonly micros: number;
  readonly perSecond: number;
  /** Upstream and load were busy all the time while the subject was not. */
  readonly isLimitedAround: boolean;
}

export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const CONNECTIONS = 32;
/** Above this share of a core's time it has nothing left. */
const SATURATED = 0.93;
const QUIET_FOR_MS = 700;
const LOOK_EVERY_MS = 100;
/** Per look: what a waiting process uses at most. */
const QUIET_MICROS = 4000;

export async function startAround(): Promise<Around> {
  const [upstream, loader] = [startPart("mock-upstream.ts", "around"), startPart("load.ts", "around")];
  const mock = asking<MockQuestions>(upstream, "the mock upstream");
  const load = asking<LoadQuestions>(loader, "the load");
  const { port } = await mock.start();
  const meters = [meterOf(upstream), meterOf(loader)];
  return {
    mock,
    load,
    upstreamPort: port,
    direct: { name: "direct", child: upstream, target: { port, secret: "none" }, stop: async () => {} },
    async cpuMicros() {
      const each = await Promise.all(meters.map((meter) => meter.cpuMicros()));
      return each.reduce((total, micros) => total + micros, 0);
    },
    async stop() {
      await Promise.all([stop(upstream), stop(loader)]);
    },
  };
}

/** Runs the case at full speed and counts, with what the subject does about it afterwards: log and search index follow. */
export async function measureCost(subject: Subject, each: TrafficCase, around: Around): Promise<Figures> {
  const meter = meterFor(subject.child);
  const before = [await meter.cpuMicros(), await around.cpuMicros()] as const;
  const { elapsedMs } = await run(subject, each, around);
  const during = (await meter.cpuMicros()) - before[0];
  const spentAround = (await around.cpuMicros()) - before[1];
  await whenQuiet(meter);
  const spent = (await meter.cpuMicros()) - before[0];
  const share = (micros: number): number => micros / 1000 / elapsedMs;
  return {
    micros: spent / each.count,
    perSecond: (each.count / elapsedMs) * 1000,
    isLimitedAround: share(spentAround) > SATURATED && share(during) < SATURATED,
  };
}

/** Resolves when the process has done next to nothing for a while. */
async function whenQuiet(meter: Meter): Promise<void> {
  let quietMs = 0;
  for (let last = await meter.cpuMicros(); quietMs < QUIET_FOR_MS;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const now = await meter.cpuMicros();
    quietMs = now - last < QUIET_MICROS ? quietMs + LOOK_EVERY_MS : 0;
    last = now;
  }
}

/** One request at a time: how long each takes. */
export async function measureLatency(subject: Subject, each: TrafficCase, around: Around): Promise<Latency> {
  const { p50Ms, p99Ms } = await run(subject, { ...each, count: Math.max(200, Math.ceil(each.count / 10)) }, around, 1);
  return { p50Ms, p99Ms };
}

async function run(
  subject: Subject,
  { kind, answer, count }: TrafficCase,
  { mock, load }: Around,
  connections = CONNECTIONS,
): Promise<RunResult> {
  await mock.answerWith(answer);
  const result = await load.run({ target: subject.target, kind, answer, connections, count });
  if (result.failures > 0) {
    throw new Error(`${subject.name}: ${result.failures} of ${count} answers were wrong: ${result.firstFailure}`);
  }
  return result;
}

const meters = new WeakMap<ChildProcess, Meter>();

export function meterFor(child: ChildProcess): Meter {
  const meter = meters.get(child) ?? meterOf(child);
  meters.set(child, meter);
  return meter;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
