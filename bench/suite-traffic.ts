// Requests at full speed: processor time of the product beside that of the others, and the time it adds to an answer.

import { type TrafficCase, traffic, translations } from "./cases.ts";
import { type Around, type Figures, measureCost, measureLatency, median } from "./measure.ts";
import type { Row } from "./rows.ts";
import type { Subject } from "./subject.ts";
import { startSubjects, stopSubjects, type SubjectName, type Subjects } from "./subjects.ts";

export interface Scale {
  /** How often each figure is taken; the median counts. */
  readonly rounds: number;
  /** Part of each case's requests. */
  readonly share: number;
}

export async function measureTraffic(names: readonly string[], scale: Scale, around: Around): Promise<Row[]> {
  const chosen = [...traffic, ...translations].filter((each) => names.includes(each.name));
  const compared = new Set(chosen.map(({ passThrough }) => passThrough?.name));
  const wanted = [...traffic, ...translations].filter((each) => chosen.includes(each) || compared.has(each.name));
  if (wanted.length === 0) return [];
  const subjects = await startSubjects(around);
  try {
    await warmUp(subjects, wanted, { scale, around });
    const rows: Row[] = [];
    for (const each of wanted) {
      const row = await measureCase({ ...each, count: Math.ceil(each.count * scale.share) }, subjects, {
        scale,
        around,
      });
      rows.push(besidePassThrough(row, each, rows));
    }
    return rows;
  } finally {
    await stopSubjects(subjects);
  }
}

function besidePassThrough(row: Row, { passThrough }: TrafficCase, rows: readonly Row[]): Row {
  const plain = rows.find(({ name }) => name === passThrough?.name)?.value;
  return plain === undefined ? row : { ...row, passThrough: plain, goal: plain * (passThrough?.times ?? 1) };
}

/** Code is compiled while it runs, on the same core: figures are taken once most of that has happened. */
async function warmUp(subjects: Subjects, wanted: readonly TrafficCase[], { scale, around }: Setting): Promise<void> {
  for (let pass = 0; pass < scale.rounds; pass += 1) {
    for (const each of wanted) {
      for (const subject of whoCan(each, subjects).values()) await measureCost(subject, each, around);
    }
  }
}

interface Setting {
  readonly scale: Scale;
  readonly around: Around;
}

async function measureCase(each: TrafficCase, subjects: Subjects, { scale, around }: Setting): Promise<Row> {
  const figures = await measureInTurn(whoCan(each, subjects), each, { scale, around });
  const micros = (name: SubjectName): number | undefined => {
    const taken = figures.get(name);
    return taken && median(taken.map((figure) => figure.micros));
  };
  const limited = [...figures].filter(([, taken]) => taken.some((figure) => figure.isLimitedAround));
  const added = isTranslated(each) ? null : await measureAdded(subjects.get("product") as Subject, each, around);
  return {
    name: each.name,
    label: each.label,
    value: micros("product") ?? Number.NaN,
    unit: "µs",
    goal: each.goal?.micros,
    goalToRelay: each.goal === null ? undefined : each.goal.micros / each.goal.relayMicros,
    nginx: micros("nginx"),
    relay: micros("relay"),
    stages: micros("stages"),
    addedP50Ms: added?.p50Ms,
    addedP99Ms: added?.p99Ms,
    notes: limited.length === 0 ? [] : [`load was the limit for ${limited.map(([name]) => name).join(", ")}`],
  };
}

async function measureAdded(
  product: Subject,
  each: TrafficCase,
  around: Around,
): Promise<{ readonly p50Ms: number; readonly p99Ms: number }> {
  const direct = await measureLatency(around.direct, each, around);
  const through = await measureLatency(product, each, around);
  return { p50Ms: through.p50Ms - direct.p50Ms, p99Ms: through.p99Ms - direct.p99Ms };
}

function isTranslated({ kind }: TrafficCase): boolean {
  return kind.client !== "codex" && kind.client !== "sdk";
}

/** A relay hands on what it gets: only a gateway translates. */
function whoCan(each: TrafficCase, subjects: Subjects): Subjects {
  const canTranslate = (name: SubjectName): boolean => name === "product" || name === "stages";
  return isTranslated(each) ? new Map([...subjects].filter(([name]) => canTranslate(name))) : subjects;
}

/** Takes turns, so that a slow moment of the machine meets all alike. */
export async function measureInTurn<Name>(
  subjects: ReadonlyMap<Name, Subject>,
  each: TrafficCase,
  { scale, around }: Setting,
): Promise<ReadonlyMap<Name, readonly Figures[]>> {
  const figures = new Map<Name, Figures[]>([...subjects.keys()].map((name) => [name, []]));
  for (let round = 0; round < scale.rounds; round += 1) {
    for (const [name, subject] of subjects) figures.get(name)?.push(await measureCost(subject, each, around));
  }
  return figures;
}
