// The product as it is installed: the real service with its store, its log and all its stages, in a folder of its own.

import { type ChildProcess, execFileSync } from "node:child_process";
import { join } from "node:path";

import { temporaryFolder } from "./left-over.ts";
import { type Core, reporting, startPinned, stop } from "./pinned.ts";
import { hasProc } from "./process-cost.ts";
import { furnish } from "./service-home.ts";
import { freePort, type Subject, whenListening } from "./subject.ts";

const root = join(import.meta.dirname, "..");
/** What `npm start` runs and what is published. */
const entry = join(root, "dist", "main.js");

/** Makes the bundle that is measured from the source as it stands. */
export function buildSubject(): void {
  execFileSync(process.execPath, [join(root, "scripts", "build.ts")], { stdio: "ignore" });
}

export interface ServiceOptions {
  readonly name: string;
  readonly accounts: number;
  /** Runs on the new folder before the service serves from it. */
  readonly prepare?: (folder: string) => Promise<void>;
}

export async function startService(upstreamPort: number, options: ServiceOptions): Promise<Subject> {
  const folder = temporaryFolder();
  await options.prepare?.(folder);
  const port = await freePort();
  const child = spawnService({ folder, port, upstreamPort, core: "subject" });
  await whenListening(port, child);
  const secret = await furnish(folder, port, options.accounts);
  return { name: options.name, child, target: { port, secret }, stop: () => stop(child) };
}

export interface Spawned {
  readonly folder: string;
  readonly port: number;
  readonly upstreamPort: number;
  readonly core: Core | null;
}

export function spawnService({ folder, port, upstreamPort, core }: Spawned): ChildProcess {
  const upstream = `http://127.0.0.1:${upstreamPort}`;
  const { PATH = "", HOME = "", TEMP = "", SystemRoot = "" } = process.env;
  const env = {
    PATH,
    HOME,
    TEMP,
    SystemRoot,
    CODEXMANAGER_DATA_DIR: folder,
    CODEXMANAGER_SERVICE_ADDR: `127.0.0.1:${port}`,
    CODEXMANAGER_UPSTREAM_BASE_URL: `${upstream}/backend-api/codex`,
    CODEXMANAGER_USAGE_BASE_URL: upstream,
    CODEXMANAGER_ISSUER: upstream,
    CODEXMANAGER_USAGE_POLLING_ENABLED: "0",
    CODEXMANAGER_GATEWAY_KEEPALIVE_ENABLED: "0",
  };
  return startPinned(process.execPath, [...reporting, entry, "service"], { core, env, hasChannel: !hasProc });
}
