// What the scenarios ask of every coding agent, whatever format it speaks.

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { asObject, type JsonObject, parseJson } from "../../../src/kit/json-value.ts";
import { cacheDirectory } from "../cache-directory.ts";
import { type Gateway, type GatewayTerms, openGateway } from "../open-gateway.ts";
import type { ProcessRun } from "../run-process.ts";

export interface AgentRun extends ProcessRun {
  /** The last thing the assistant said; null when it said nothing. */
  readonly reply: string | null;
  /** Everything the user could read. */
  readonly shown: string;
}

export interface AskTerms {
  /** Go on with the conversation before. */
  readonly resumes?: boolean;
  /** After this long it is broken off. */
  readonly timeoutMs?: number;
}

export interface Agent {
  readonly name: string;
  readonly version: string;
  /** It says nothing of a limit, and asks again until that is over. */
  readonly isPatient: boolean;
  /** Path of the requests that its turns are made of. */
  readonly path: RegExp;
  /** How the simulated model is told to use this agent's own tools; `file` is a whole path. */
  writes(file: string, line: string): string;
  edits(file: string, line: string, newLine: string): string;
  reads(file: string): string;
  /** Writes whatever settings files it needs. */
  prepare(stage: Stage): Promise<void>;
  ask(stage: Stage, prompt: string, terms?: AskTerms): Promise<AgentRun>;
}

export interface Stage extends Gateway {
  /** Home directory of the client, and the folder it works in. */
  readonly home: string;
  readonly work: string;
}

/** Everything is taken apart when the test is over. */
export async function openStage(agent: Agent, terms: GatewayTerms = {}): Promise<Stage> {
  const gateway = await openGateway(terms);
  onTestFinished(() => gateway.close());
  const homes = join(cacheDirectory(), "homes");
  await mkdir(homes, { recursive: true });
  const home = await mkdtemp(join(homes, `${agent.name.replaceAll(/\W/g, "-")}-`));
  onTestFinished(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
  const work = join(home, "work");
  await mkdir(work);
  const stage = { ...gateway, home, work };
  await agent.prepare(stage);
  return stage;
}

export const AGENT_TIMEOUT_MS = 75_000;

/** Lines of JSON among whatever else a client writes. */
export function jsonLines(text: string): readonly JsonObject[] {
  return text.split("\n").flatMap((line): JsonObject[] => {
    const value = asObject(parseJson(line));
    return value === null ? [] : [value];
  });
}

/** `[[tool:<name> <arguments>]]`, as the simulated model reads it. */
export function toolWish(name: string, args: Readonly<Record<string, unknown>>): string {
  return `[[tool:${name} ${JSON.stringify(args)}]]`;
}
