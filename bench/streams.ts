// Many streams at once: what each costs in memory while it is silent, and per event while it talks.

import { openKind } from "./cases.ts";
import { type Around, measureCost, meterFor } from "./measure.ts";
import { json } from "./cases.ts";
import type { Subject } from "./subject.ts";

export interface IdleStreams {
  readonly streams: number;
  /** Resident memory that each stream adds. */
  readonly bytesEach: number;
  /** Until all had their first event. */
  readonly openedMs: number;
}

const SETTLE_MS = 1500;

export async function measureIdleStreams(subject: Subject, streams: number, around: Around): Promise<IdleStreams> {
  await measureCost(subject, { ...json, count: 2000 }, around);
  const meter = meterFor(subject.child);
  const before = (await meter.memory()).rss;
  const { elapsedMs } = await open(subject, streams, around);
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const after = (await meter.memory()).rss;
  await close(subject, around);
  return { streams, bytesEach: (after - before) / streams, openedMs: elapsedMs };
}

export interface PacedStreams {
  readonly microsPerEvent: number;
  /** The upstream could not keep its own pace. */
  readonly isLate: boolean;
}

const EVENTS_EVERY_MS = 50;
const LATE_MS = 250;

export async function measurePacedStreams(
  subject: Subject,
  { streams, seconds }: { streams: number; seconds: number },
  around: Around,
): Promise<PacedStreams> {
  await open(subject, streams, around);
  const meter = meterFor(subject.child);
  const before = await meter.cpuMicros();
  const rounds = (seconds * 1000) / EVENTS_EVERY_MS;
  const { events, lateMs } = await around.mock.pace({ rounds, everyMs: EVENTS_EVERY_MS });
  const spent = (await meter.cpuMicros()) - before;
  await close(subject, around);
  return { microsPerEvent: spent / events, isLate: lateMs > LATE_MS };
}

async function open(subject: Subject, streams: number, around: Around): Promise<{ elapsedMs: number }> {
  await around.mock.answerWith("open");
  return around.load.open({ target: subject.target, kind: openKind, streams });
}

async function close(subject: Subject, around: Around): Promise<void> {
  await around.mock.release();
  const { whole, broken } = await around.load.finish();
  if (broken > 0) throw new Error(`${subject.name}: ${broken} of ${whole + broken} streams broke`);
}

/** So many streams the open-file limit allows, each taking two connections in the subject. */
export function mostStreams(wanted: number): number {
  const report = process.report.getReport() as unknown as { userLimits?: { open_files?: { soft: number | string } } };
  const limit = Number(report.userLimits?.open_files?.soft);
  return Number.isNaN(limit) ? wanted : Math.min(wanted, Math.floor((limit - 500) / 2));
}
