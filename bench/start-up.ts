// How soon the service answers after it was started, and what it takes while it has nothing to do.

import { request } from "node:http";
import type { ChildProcess } from "node:child_process";

import { temporaryFolder } from "./left-over.ts";
import { median, meterFor } from "./measure.ts";
import { lastWordsOf, stop } from "./pinned.ts";
import type { Memory } from "./process-cost.ts";
import { furnish } from "./service-home.ts";
import { spawnService } from "./subject-service.ts";
import { freePort, whenListening } from "./subject.ts";

export interface StartUp {
  readonly readyMs: number;
  readonly idle: Memory;
}

const ACCOUNTS = 10;
const SETTLE_MS = 3000;

/** The median of several starts, on all cores; then the memory of the last one at rest. */
export async function measureStartUp(upstreamPort: number, starts: number): Promise<StartUp> {
  const folder = temporaryFolder();
  const port = await freePort();
  const begin = (): ChildProcess => spawnService({ folder, port, upstreamPort, core: null });
  const first = begin();
  await whenListening(port, first);
  await furnish(folder, port, ACCOUNTS);
  await stop(first);
  const times: number[] = [];
  for (let index = 0; ; index += 1) {
    const startedAt = performance.now();
    const child = begin();
    await whenHealthy(port, child);
    times.push(performance.now() - startedAt);
    if (index < starts - 1) {
      await stop(child);
      continue;
    }
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const idle = await meterFor(child).memory();
    await stop(child);
    return { readyMs: median(times), idle };
  }
}

async function whenHealthy(port: number, child: ChildProcess): Promise<void> {
  while ((await health(port)) !== 200) {
    if (child.exitCode !== null) throw new Error(`the service ended: ${lastWordsOf(child)}`);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}

function health(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    request({ port, host: "127.0.0.1", path: "/health", agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? null);
    })
      .on("error", () => resolve(null))
      .end();
  });
}
