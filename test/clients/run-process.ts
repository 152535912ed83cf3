// Runs a real client once, cut off from every login, address and proxy that the shell around it holds.

import { type ChildProcess, spawn } from "node:child_process";

export interface ProcessTerms {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Its own home directory. */
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

export interface ProcessRun {
  /** Null when it had to be broken off. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function runProcess({ command, args, cwd, home, env, timeoutMs }: ProcessTerms): Promise<ProcessRun> {
  const child = spawn(command, args, {
    cwd,
    // Some clients believe the variable more than the system.
    env: { ...cleanEnvironment(home), PWD: cwd, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    // A process group of its own: what the client has started would outlive it.
    detached: true,
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  const timer = setTimeout(() => breakOff(child), timeoutMs);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  clearTimeout(timer);
  return { exitCode, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

const OTHERS = /^(?:OPENAI|CODEX|ANTHROPIC|CLAUDE|GEMINI|GOOGLE|OPENCODE|XDG|VITEST|.*_proxy$)/i;
/** The discard port: refused at once. */
const NOWHERE = "http://127.0.0.1:9";

function cleanEnvironment(home: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !OTHERS.test(name));
  return {
    ...Object.fromEntries(inherited),
    HOME: home,
    USERPROFILE: home,
    HTTP_PROXY: NOWHERE,
    HTTPS_PROXY: NOWHERE,
    NO_PROXY: "127.0.0.1,localhost",
  };
}

function breakOff({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
}
