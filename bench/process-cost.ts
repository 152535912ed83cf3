// What a process costs: processor time and memory of it and its children, with all their threads.

import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

import { asking } from "./ask.ts";
import type { UsageQuestions } from "./usage-report.ts";

export interface Memory {
  /** Resident, bytes. */
  readonly rss: number;
  /** Resident, with pages that other processes also use counted in part; null where the system does not say. */
  readonly pss: number | null;
}

export interface Meter {
  /** User and system time so far, microseconds. */
  cpuMicros(): Promise<number>;
  memory(): Promise<Memory>;
}

/** Reads `/proc` where there is one; elsewhere asks the process itself, which must have loaded `usage-report.ts`. */
export function meterOf(child: ChildProcess): Meter {
  const { pid } = child;
  if (pid === undefined) throw new Error("the process was not started");
  if (hasProc) return { cpuMicros: async () => sum(pid, cpuOf), memory: async () => memoryOf(pid) };
  const usage = asking<UsageQuestions>(child, "usage");
  return { cpuMicros: () => usage.cpuMicros(), memory: () => usage.memory() };
}

export const hasProc: boolean = process.platform === "linux";

function sum(pid: number, read: (pid: number) => number): number {
  return treeOf(pid).reduce((total, each) => total + read(each), 0);
}

/** The process and all below it. */
function treeOf(pid: number): number[] {
  const children = tasksOf(pid).flatMap((task) => readIfThere(`/proc/${pid}/task/${task}/children`).split(" "));
  return [pid, ...children.filter((child) => child !== "").flatMap((child) => treeOf(Number(child)))];
}

function tasksOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`);
}

/** From the scheduler, exact to the nanosecond; where it keeps no such account, from ticks of 10 ms. */
function cpuOf(pid: number): number {
  const exact = tasksOf(pid).map((task) => readIfThere(`/proc/${pid}/task/${task}/schedstat`).split(" ")[0]);
  if (exact.every((nanos) => nanos !== "" && nanos !== "0")) {
    return exact.reduce((total, nanos) => total + Number(nanos) / 1000, 0);
  }
  const fields = readIfThere(`/proc/${pid}/stat`)
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

function memoryOf(pid: number): Memory {
  const field = (name: string) => (each: number) => {
    const text = readIfThere(`/proc/${each}/smaps_rollup`);
    return Number(new RegExp(`^${name}: +(\\d+)`, "m").exec(text)?.[1] ?? 0) * 1024;
  };
  return { rss: sum(pid, field("Rss")), pss: sum(pid, field("Pss")) };
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}
