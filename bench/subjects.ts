// The gateways that are compared: the product, its stages alone, a bare relay and nginx.

import type { Around } from "./measure.ts";
import { type Subject, startPartSubject } from "./subject.ts";
import { findNginx, startNginx } from "./subject-nginx.ts";
import { startService } from "./subject-service.ts";

export type SubjectName = "product" | "stages" | "relay" | "nginx";

export type Subjects = ReadonlyMap<SubjectName, Subject>;

const ACCOUNTS = 10;

/** Starts all of them, or those that are named; nginx only where it is installed. */
export async function startSubjects(
  { upstreamPort }: Around,
  names: readonly SubjectName[] = ["product", "stages", "relay", "nginx"],
): Promise<Subjects> {
  const nginx = findNginx();
  const starts: Readonly<Record<SubjectName, () => Promise<Subject | null>>> = {
    product: () => startService(upstreamPort, { name: "product", accounts: ACCOUNTS }),
    stages: () => startPartSubject("stages", "bare-gateway.ts", upstreamPort),
    relay: () => startPartSubject("relay", "bare-relay.ts", upstreamPort),
    nginx: async () => (nginx === null ? null : startNginx(nginx.command, upstreamPort)),
  };
  const subjects = new Map<SubjectName, Subject>();
  for (const name of names) {
    const subject = await starts[name]();
    if (subject !== null) subjects.set(name, subject);
  }
  return subjects;
}

export async function stopSubjects(subjects: Subjects): Promise<void> {
  await Promise.all([...subjects.values()].map((subject) => subject.stop()));
}
