// Where real clients are kept between runs, outside the repository.

import { homedir } from "node:os";
import { join } from "node:path";

/** `CODEXMANAGER_CLIENTS_DIRECTORY`, else a folder in the platform's cache directory. */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  return env.CODEXMANAGER_CLIENTS_DIRECTORY || join(platformCache(env, platform), "codexmanager-clients");
}

function platformCache(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === "win32") return env.LOCALAPPDATA || join(homedir(), "AppData", "Local");
  if (platform === "darwin") return join(homedir(), "Library", "Caches");
  return env.XDG_CACHE_HOME || join(homedir(), ".cache");
}
