// What the figures were taken on.

import { readFileSync } from "node:fs";
import { arch, cpus, loadavg, platform, release, totalmem } from "node:os";

import { isPinning } from "./pinned.ts";
import { findNginx } from "./subject-nginx.ts";

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  readonly nginx: string | null;
  /** Load average of the last minute before the first measurement. */
  readonly load: number;
  readonly isPinned: boolean;
}

export function describeMachine(): Machine {
  return {
    processor: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    nginx: findNginx()?.version ?? null,
    load: loadavg()[0] ?? 0,
    isPinned: isPinning,
  };
}

/** Time that other machines on the same hardware took from this one since it was started, as a count of ticks; 0 where unknown. */
export function stolenTicks(): { stolen: number; all: number } {
  try {
    const ticks = readFileSync("/proc/stat", "utf8").split("\n")[0]?.trim().split(/ +/).slice(1, 9).map(Number) ?? [];
    return { stolen: ticks[7] ?? 0, all: ticks.reduce((total, each) => total + each, 0) };
  } catch {
    return { stolen: 0, all: 0 };
  }
}
