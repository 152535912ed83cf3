// Runs one of the small programs beside with a real SDK, and reads what it printed.

import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Gateway, type GatewayTerms, openGateway } from "../open-gateway.ts";
import type { Program } from "../programs.ts";
import { runProcess } from "../run-process.ts";

export async function openPool(terms: GatewayTerms = {}): Promise<Gateway> {
  const gateway = await openGateway(terms);
  onTestFinished(() => gateway.close());
  return gateway;
}

/** The program runs beside the SDK's packages, as a user's would. `baseUrl` is what the SDK is given as its address. */
export async function runProgram(
  { name, folder }: Program,
  { baseUrl, key, words }: { readonly baseUrl: string; readonly key: string; readonly words: readonly string[] },
): Promise<Record<string, unknown>> {
  const home = await mkdtemp(join(folder, "run-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const script = join(home, "program.js");
  await copyFile(join(import.meta.dirname, "programs", `${name}.js`), script);
  const args = [script, baseUrl, key, ...words];
  const run = await runProcess({ command: process.execPath, args, cwd: home, home, env: {}, timeoutMs: 30_000 });
  if (run.exitCode !== 0) throw new Error(`${words.join(" ")} ended with ${run.exitCode}:\n${run.stderr}`);
  return JSON.parse(run.stdout) as Record<string, unknown>;
}
