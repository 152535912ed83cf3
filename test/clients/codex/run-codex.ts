// Runs `codex exec` once and collects what a user, or a script that reads its JSON, would see.

import { runProcess } from "../run-process.ts";
import { type CodexHome, KEY_VARIABLE } from "./codex-home.ts";

/** One line of `codex exec --json`, as far as it is looked at. */
export interface CodexEvent {
  readonly type: string;
  readonly thread_id?: string;
  readonly message?: string;
  readonly error?: { readonly message?: string };
  readonly usage?: Readonly<Record<string, number>>;
  readonly item?: CodexItem;
}

export interface CodexItem {
  readonly type: string;
  readonly text?: string;
  readonly message?: string;
  readonly command?: string;
  readonly aggregated_output?: string;
  readonly exit_code?: number | null;
  readonly changes?: readonly { readonly path: string; readonly kind: string }[];
}

export interface CodexRun {
  /** Null when the run had to be broken off. */
  readonly exitCode: number | null;
  readonly events: readonly CodexEvent[];
  /** Items that were completed, in order. */
  readonly items: readonly CodexItem[];
  /** The last message of the assistant. */
  readonly reply: string | null;
  /** Everything the user was told about trouble: error events and items, and a failed turn. */
  readonly complaints: string;
  readonly stderr: string;
}

export interface RunTerms {
  readonly script: string;
  readonly home: CodexHome;
  readonly key: string;
  /** Where this client would refresh its own login. */
  readonly issuer: string;
  /** What follows `codex exec`. */
  readonly args: readonly string[];
  readonly timeoutMs: number;
}

export async function runCodex({ script, home, key, issuer, args, timeoutMs }: RunTerms): Promise<CodexRun> {
  const { exitCode, stdout, stderr } = await runProcess({
    command: process.execPath,
    args: [script, "exec", "--skip-git-repo-check", "--json", ...args],
    cwd: home.work,
    home: home.path,
    env: {
      CODEX_HOME: home.path,
      CODEX_REFRESH_TOKEN_URL_OVERRIDE: `${issuer}/oauth/token`,
      [KEY_VARIABLE]: key,
    },
    timeoutMs,
  });
  return toRun(exitCode, stdout, stderr);
}

function toRun(exitCode: number | null, stdout: string, stderr: string): CodexRun {
  const events = stdout.split("\n").flatMap(toEvent);
  const items = events.flatMap(({ type, item }) => (type === "item.completed" && item ? [item] : []));
  const complaints = events.flatMap(({ type, message, error, item }) => {
    if (type === "error") return [message ?? ""];
    if (type === "turn.failed") return [error?.message ?? ""];
    return type === "item.completed" && item?.type === "error" ? [item.message ?? ""] : [];
  });
  const reply = items.findLast((item) => item.type === "agent_message")?.text ?? null;
  return { exitCode, events, items, reply, complaints: complaints.join("\n"), stderr };
}

function toEvent(line: string): CodexEvent[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && "type" in value ? [value as CodexEvent] : [];
  } catch {
    return [];
  }
}
