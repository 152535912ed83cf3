// opencode: speaks Responses, Chat Completions or Messages, by the package that its provider names.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { asObject, asText } from "../../../src/kit/json-value.ts";
import type { Program } from "../programs.ts";
import { runProcess } from "../run-process.ts";
import {
  type Agent,
  AGENT_TIMEOUT_MS,
  type AgentRun,
  type AskTerms,
  jsonLines,
  type Stage,
  toolWish,
} from "./agent.ts";

const DIALECTS = {
  responses: { npm: "@ai-sdk/openai", path: /\/responses$/ },
  chat: { npm: "@ai-sdk/openai-compatible", path: /\/chat\/completions$/ },
  messages: { npm: "@ai-sdk/anthropic", path: /\/messages$/ },
} as const;

export const opencodeDialects = Object.keys(DIALECTS) as readonly (keyof typeof DIALECTS)[];

export function opencode({ version, folder }: Program, dialect: keyof typeof DIALECTS): Agent {
  const { npm, path } = DIALECTS[dialect];
  return {
    name: `opencode-${dialect}`,
    version,
    isPatient: true,
    path,
    // Models of OpenAI are given a tool for patches instead of those for writing and editing.
    writes: (file, line) => patch(`*** Add File: ${file}`, `+${line}`),
    edits: (file, from, to) => patch(`*** Update File: ${file}`, "@@", `-${from}`, `+${to}`),
    reads: (file) => toolWish("read", { filePath: file }),
    prepare: (stage) => prepare(stage, npm),
    ask: (stage, prompt, terms) => ask(folder, stage, prompt, terms),
  };
}

function patch(...lines: readonly string[]): string {
  return toolWish("apply_patch", { patchText: ["*** Begin Patch", ...lines, "*** End Patch"].join("\n") });
}

async function prepare({ home, origin, key }: Stage, npm: string): Promise<void> {
  const model = {
    name: "GPT",
    attachment: true,
    tool_call: true,
    modalities: { input: ["text", "image"], output: ["text"] },
  };
  const config = {
    $schema: "https://opencode.ai/config.json",
    model: "pool/gpt-5.5",
    small_model: "pool/gpt-5.5",
    share: "disabled",
    autoupdate: false,
    permission: "allow",
    provider: {
      pool: { npm, name: "pool", options: { baseURL: `${origin}/v1`, apiKey: key }, models: { "gpt-5.5": model } },
    },
  };
  const folder = join(home, ".config", "opencode");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "opencode.json"), JSON.stringify(config));
}

async function ask(
  folder: string,
  stage: Stage,
  prompt: string,
  { resumes = false, timeoutMs = AGENT_TIMEOUT_MS }: AskTerms = {},
): Promise<AgentRun> {
  const run = await runProcess({
    command: join(folder, "node_modules", ".bin", "opencode"),
    args: ["run", ...(resumes ? ["--continue"] : []), "--format", "json", "--model", "pool/gpt-5.5", prompt],
    cwd: stage.work,
    home: stage.home,
    env: { OPENCODE_DISABLE_MODELS_FETCH: "1", OPENCODE_DISABLE_AUTOUPDATE: "1", OPENCODE_DISABLE_LSP_DOWNLOAD: "1" },
    timeoutMs,
  });
  const said = jsonLines(run.stdout).findLast((line) => line["type"] === "text");
  return { ...run, reply: asText(asObject(said?.["part"])?.["text"]), shown: run.stdout + run.stderr };
}
