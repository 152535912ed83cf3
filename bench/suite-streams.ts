// Many streams at once, each subject started anew so that its memory is its own.

import type { Around } from "./measure.ts";
import type { Row } from "./rows.ts";
import { measureIdleStreams, measurePacedStreams, mostStreams } from "./streams.ts";
import { startSubjects, stopSubjects, type SubjectName } from "./subjects.ts";

const compared: readonly SubjectName[] = ["product", "relay", "nginx"];

export async function measureStreams(wanted: number, around: Around): Promise<Row> {
  const streams = mostStreams(wanted);
  const bytes = new Map<SubjectName, number>();
  let openedMs = 0;
  for (const name of compared) {
    const subjects = await startSubjects(around, [name]);
    try {
      for (const subject of subjects.values()) {
        const idle = await measureIdleStreams(subject, streams, around);
        bytes.set(name, idle.bytesEach / 1000);
        if (name === "product") openedMs = idle.openedMs;
      }
    } finally {
      await stopSubjects(subjects);
    }
  }
  return {
    name: "streams",
    label: `${streams} idle streams, memory each`,
    value: bytes.get("product") ?? Number.NaN,
    unit: "KB",
    nginx: bytes.get("nginx"),
    relay: bytes.get("relay"),
    notes: [
      `opened in ${(openedMs / 1000).toFixed(1)} s`,
      ...(streams < wanted ? [`the open-file limit allows no ${wanted}`] : []),
    ],
  };
}

export async function measurePaced(streams: number, seconds: number, around: Around): Promise<Row> {
  const subjects = await startSubjects(around);
  try {
    const micros = new Map<SubjectName, number>();
    let isLate = false;
    for (const [name, subject] of subjects) {
      const paced = await measurePacedStreams(subject, { streams, seconds }, around);
      micros.set(name, paced.microsPerEvent);
      isLate ||= paced.isLate;
    }
    return {
      name: "paced",
      label: `${streams} streams of 20 events/s, an event`,
      value: micros.get("product") ?? Number.NaN,
      unit: "µs",
      nginx: micros.get("nginx"),
      relay: micros.get("relay"),
      stages: micros.get("stages"),
      notes: isLate ? ["the upstream could not keep the pace"] : [],
    };
  } finally {
    await stopSubjects(subjects);
  }
}
