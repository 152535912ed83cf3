// `npm run bench`: measures the product beside nginx and a bare relay and prints one table.

import { parseArgs } from "node:util";

import { caseNames, goals } from "./cases.ts";
import { describeMachine, type Machine, stolenTicks } from "./machine.ts";
import { type Around, startAround } from "./measure.ts";
import { type Row, showRows, verdictOf } from "./rows.ts";
import { buildSubject } from "./subject-service.ts";
import { measureStartUp } from "./start-up.ts";
import { measureLogs, measurePools } from "./suite-sizes.ts";
import { measureSockets } from "./suite-sockets.ts";
import { measurePaced, measureStreams } from "./suite-streams.ts";
import { measureTraffic, type Scale } from "./suite-traffic.ts";

const usage = `npm run bench -- [--only NAME,…] [--quick] [--json]
  --only   ${caseNames.join(", ")}
  --quick  fewer requests, 1,000 streams, and no log of a million rows
  --json   the figures for programs`;

interface Options {
  readonly names: readonly string[];
  readonly isQuick: boolean;
  readonly isJson: boolean;
}

function readOptions(): Options | string {
  try {
    const { values } = parseArgs({
      options: { only: { type: "string" }, quick: { type: "boolean" }, json: { type: "boolean" } },
    });
    const names = values.only?.split(",") ?? caseNames;
    const unknown = names.filter((name) => !caseNames.includes(name));
    if (unknown.length > 0) return `There is no case ${unknown.join(", ")}.`;
    return { names, isQuick: values.quick === true, isJson: values.json === true };
  } catch (error) {
    return (error as Error).message;
  }
}

async function measureAll({ names, isQuick }: Options, around: Around): Promise<Row[]> {
  const scale: Scale = isQuick ? { rounds: 1, share: 0.5 } : { rounds: 3, share: 1 };
  const has = (name: string): boolean => names.includes(name);
  const rows = await measureTraffic(names, scale, around);
  if (has("paced")) rows.push(await measurePaced(500, isQuick ? 2 : 4, around));
  if (has("streams")) rows.push(await measureStreams(isQuick ? 1000 : 5000, around));
  if (has("sockets")) rows.push(await measureSockets(1000, around));
  if (has("accounts")) rows.push(...(await measurePools(scale, around)));
  if (has("log") && !isQuick) rows.push(...(await measureLogs(scale, around)));
  if (has("idle") || has("ready")) rows.push(...(await startUpRows(isQuick ? 3 : 7, around)));
  return rows;
}

async function startUpRows(starts: number, around: Around): Promise<Row[]> {
  const { readyMs, idle } = await measureStartUp(around.upstreamPort, starts);
  const notes = idle.pss === null ? [] : [`of it shared: ${((idle.rss - idle.pss) / 1e6).toFixed(0)} MB`];
  return [
    { name: "idle", label: "idle memory", value: idle.rss / 1e6, unit: "MB", goal: goals.idleBytes / 1e6, notes },
    { name: "ready", label: "start to /health", value: readyMs, unit: "ms", goal: goals.readyMs },
  ];
}

function explain(machine: Machine, rows: readonly Row[], stolenShare: number): string {
  const missed = rows.filter((row) => verdictOf(row) === "MISSED");
  const judged = rows.filter((row) => verdictOf(row) !== "");
  return `
Figures without a unit have the product's. µs: processor time (user and system) of the gateway per request at full
speed over 32 connections, what it does about its log afterwards included. relay: node:http and undici and nothing
else. stages: the gateway without store and log.
"÷ relay 1.50 of 1.62": the goal was set on a machine where the relay made it 1.62 times as much. +p50, +p99: what the
product adds to an answer, one at a time. ÷ smallest: to the first row of its kind.

${machine.processor}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}, ${machine.nginx ?? "no nginx installed"}
${machine.isPinned ? "gateway on core 0; upstream and load on core 1" : "not pinned to cores: taskset or a second core is missing"}; load before: ${machine.load.toFixed(1)}; time taken by other machines meanwhile: ${(stolenShare * 100).toFixed(0)} %
${judged.length - missed.length} goals met, ${missed.length} missed${missed.length === 0 ? "" : `: ${missed.map((row) => row.label).join("; ")}`}`;
}

async function main(): Promise<number> {
  const options = readOptions();
  if (typeof options === "string") {
    console.error(`${options}\n${usage}`);
    return 1;
  }
  const machine = describeMachine();
  if (!options.isJson) console.error("Measuring; this takes a few minutes. Leave the machine alone meanwhile.");
  buildSubject();
  const before = stolenTicks();
  const around = await startAround();
  try {
    const rows = await measureAll(options, around);
    const after = stolenTicks();
    const stolenShare = (after.stolen - before.stolen) / Math.max(1, after.all - before.all);
    if (options.isJson) {
      const judged = rows.map((row) => ({ ...row, verdict: verdictOf(row) }));
      console.log(JSON.stringify({ machine, stolenShare, rows: judged }, null, 2));
    } else console.log(`${showRows(rows)}\n${explain(machine, rows, stolenShare)}`);
    return 0;
  } finally {
    await around.stop();
  }
}

process.exitCode = await main();
