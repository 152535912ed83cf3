// Claude Code: speaks Anthropic Messages.

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

export function claude({ name, version, folder }: Program): Agent {
  return {
    name,
    version,
    isPatient: false,
    path: /\/v1\/messages$/,
    writes: (file, text) => toolWish("Write", { file_path: file, content: text }),
    edits: (file, from, to) => toolWish("Edit", { file_path: file, old_string: from, new_string: to }),
    reads: (file) => toolWish("Read", { file_path: file }),
    prepare: async () => {},
    ask: (stage, prompt, terms) => ask(folder, stage, prompt, terms),
  };
}

async function ask(
  folder: string,
  stage: Stage,
  prompt: string,
  { resumes = false, timeoutMs = AGENT_TIMEOUT_MS }: AskTerms = {},
): Promise<AgentRun> {
  const run = await runProcess({
    command: join(folder, "node_modules", ".bin", "claude"),
    args: [
      "-p",
      prompt,
      ...(resumes ? ["--continue"] : []),
      "--output-format",
      "stream-json",
      "--verbose",
      "--dangerously-skip-permissions",
    ],
    cwd: stage.work,
    home: stage.home,
    env: {
      ANTHROPIC_BASE_URL: stage.origin,
      ANTHROPIC_AUTH_TOKEN: stage.key,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      CLAUDE_CODE_MAX_RETRIES: "1",
      // Lets the client skip its questions even for root, as it does in containers.
      IS_SANDBOX: "1",
    },
    timeoutMs,
  });
  const lines = jsonLines(run.stdout);
  const result = lines.findLast((line) => line["type"] === "result");
  return { ...run, reply: asText(asObject(result)?.["result"]), shown: run.stdout + run.stderr };
}
