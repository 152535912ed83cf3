// Gemini CLI: speaks the Gemini API.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { asText } from "../../../src/kit/json-value.ts";
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

export function gemini({ name, version, folder }: Program): Agent {
  return {
    name,
    version,
    isPatient: false,
    path: /:(?:streamGenerateContent|generateContent)$/,
    writes: (file, text) => toolWish("write_file", { file_path: file, content: text }),
    edits: (file, from, to) =>
      toolWish("replace", { file_path: file, old_string: from, new_string: to, instruction: `Replace ${from}` }),
    reads: (file) => toolWish("read_file", { file_path: file }),
    prepare,
    ask: (stage, prompt, terms) => ask(folder, stage, prompt, terms),
  };
}

/** Without the type of sign-in, an address of one's own selects one that the client itself refuses. */
async function prepare({ home }: Stage): Promise<void> {
  const settings = {
    security: { auth: { selectedType: "gemini-api-key" } },
    general: { disableAutoUpdate: true, disableUpdateNag: true },
    privacy: { usageStatisticsEnabled: false },
  };
  await mkdir(join(home, ".gemini"), { recursive: true });
  await writeFile(join(home, ".gemini", "settings.json"), JSON.stringify(settings));
}

async function ask(
  folder: string,
  stage: Stage,
  prompt: string,
  { resumes = false, timeoutMs = AGENT_TIMEOUT_MS }: AskTerms = {},
): Promise<AgentRun> {
  const run = await runProcess({
    command: process.execPath,
    args: [
      join(folder, "node_modules", ".bin", "gemini"),
      "-p",
      prompt,
      ...(resumes ? ["--resume", "latest"] : []),
      "-m",
      "gpt-5.5",
      "--yolo",
      "--skip-trust",
      "--output-format",
      "stream-json",
    ],
    cwd: stage.work,
    home: stage.home,
    env: { GEMINI_API_KEY: stage.key, GOOGLE_GEMINI_BASE_URL: stage.origin },
    timeoutMs,
  });
  const said = jsonLines(run.stdout).filter((line) => line["type"] === "message" && line["role"] === "assistant");
  const reply = said.map((line) => asText(line["content"]) ?? "").join("");
  return { ...run, reply: said.length === 0 ? null : reply, shown: run.stdout + run.stderr };
}
