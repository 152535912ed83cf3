// Whether the cost of a request stays flat as the pool and the log grow.

import { choosing, json, logSizes, poolSizes, type TrafficCase } from "./cases.ts";
import { type Around, median } from "./measure.ts";
import { fillLog } from "./fill-log.ts";
import type { Row } from "./rows.ts";
import type { Subject } from "./subject.ts";
import { startService } from "./subject-service.ts";
import { measureInTurn, type Scale } from "./suite-traffic.ts";

const ACCOUNTS = 10;

interface Growth {
  readonly name: string;
  readonly each: TrafficCase;
  readonly sizes: readonly number[];
  readonly labelOf: (size: number) => string;
  readonly start: (size: number) => Promise<Subject>;
}

export function measurePools(scale: Scale, around: Around): Promise<Row[]> {
  return measureGrowth(
    {
      name: "accounts",
      each: choosing,
      sizes: poolSizes,
      labelOf: (size) => `JSON, new conversations, ${size} accounts`,
      start: (size) => startService(around.upstreamPort, { name: `${size} accounts`, accounts: size }),
    },
    { scale, around },
  );
}

export function measureLogs(scale: Scale, around: Around): Promise<Row[]> {
  return measureGrowth(
    {
      name: "log",
      each: json,
      sizes: logSizes,
      labelOf: (size) => `JSON, ${size} rows in the log`,
      start: (size) =>
        startService(around.upstreamPort, {
          name: `${size} rows`,
          accounts: ACCOUNTS,
          prepare: (folder) => fillLog(folder, size),
        }),
    },
    { scale, around },
  );
}

async function measureGrowth(
  { name, each, sizes, labelOf, start }: Growth,
  { scale, around }: { scale: Scale; around: Around },
): Promise<Row[]> {
  const subjects = new Map<number, Subject>();
  try {
    for (const size of sizes) subjects.set(size, await start(size));
    const warm = { scale: { ...scale, rounds: 1 }, around };
    await measureInTurn(subjects, each, warm);
    const figures = await measureInTurn(subjects, each, { scale, around });
    const micros = (size: number): number => median((figures.get(size) ?? []).map((figure) => figure.micros));
    const smallest = micros(sizes[0] ?? 0);
    return sizes.map((size) => ({ name, label: labelOf(size), value: micros(size), unit: "µs", smallest }));
  } finally {
    await Promise.all([...subjects.values()].map((subject) => subject.stop()));
  }
}
