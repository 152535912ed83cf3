// Where files live: the platform's place for application data and the rule for relative paths. Creates nothing.

import { homedir } from "node:os";
import { posix, win32 } from "node:path";

export interface Place {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** The process's own place. */
export function hereAndNow(): Place {
  return { platform: process.platform, env: process.env, home: homedir() };
}

/**
 * The folder for one application's data: `XDG_DATA_HOME` or `~/.local/share` (XDG Base Directory Specification 0.8, which
 * ignores relative values), `~/Library/Application Support` on macOS, `%LOCALAPPDATA%` on Windows.
 */
export function applicationDirectory(application: string, { platform, env, home }: Place): string {
  if (platform === "win32") {
    const local = env.LOCALAPPDATA ?? "";
    return win32.join(win32.isAbsolute(local) ? local : win32.join(home, "AppData", "Local"), application);
  }
  if (platform === "darwin") return posix.join(home, "Library", "Application Support", application);
  const xdg = env.XDG_DATA_HOME ?? "";
  return posix.join(posix.isAbsolute(xdg) ? xdg : posix.join(home, ".local", "share"), application);
}

/** Resolves `path` against `directory`; `~` and `~/…` mean the home folder. */
export function resolveFrom(directory: string, path: string, { platform, home }: Place): string {
  const { join, resolve } = platform === "win32" ? win32 : posix;
  if (path === "~") return home;
  if (/^~[/\\]/.test(path)) return join(home, path.slice(2));
  return resolve(directory, path);
}
