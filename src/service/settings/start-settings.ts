// What must be known before anything is opened: the completed environment, the first settings, and where files lie.

import { dirname } from "node:path";

import type { ResolvedSettings, SettingsInput } from "../../contract/settings/resolve.ts";
import { resolveSettings } from "../../contract/settings/resolve.ts";
import type { Environment } from "../../kit/env-file.ts";
import { completeEnvironment } from "../../kit/env-file.ts";
import type { Place } from "../../kit/paths.ts";
import { applicationDirectory, resolveFrom } from "../../kit/paths.ts";

const APPLICATION = "codexmanager";

export interface StartInput {
  readonly flags: NonNullable<SettingsInput["flags"]>;
  /** Value of `--env-file`. */
  readonly envFile: string | null;
  /** Folder of the program itself: the package's root, or that of the single-file executable. */
  readonly packageRoot: string;
  readonly workingDirectory: string;
  readonly place: Place;
}

export interface StartSettings {
  readonly ok: true;
  /** The environment with the env file's values filled in; everything that reads variables reads this one. */
  readonly env: Environment;
  readonly envFile: string | null;
  readonly flags: NonNullable<SettingsInput["flags"]>;
  /** Resolved without stored values. */
  readonly resolved: ResolvedSettings;
  readonly dataDirectory: string;
  readonly databasePath: string;
  /** Folder of the database, where token file, key file and trace log lie. */
  readonly databaseDirectory: string;
}

/** Paths on the command line are relative to the working directory, those of the environment to the data directory. */
export function startSettings(input: StartInput): StartSettings | { readonly ok: false; readonly message: string } {
  const { flags, envFile, packageRoot, workingDirectory, place } = input;
  const absolute = (path: string) => resolveFrom(workingDirectory, path, place);
  const completed = completeEnvironment(place.env, {
    file: envFile === null ? null : absolute(envFile),
    folders: [packageRoot, directoryFor(flags["store.directory"] ?? place.env.CODEXMANAGER_DATA_DIR, input)],
  });
  if (!completed.ok) return completed;
  const resolved = resolveSettings({ flags, env: completed.env });
  if (!resolved.ok) return resolved;
  const { values, sources } = resolved;
  const dataDirectory = directoryFor(values.store.directory, input);
  const databaseFrom = sources["store.databasePath"] === "flag" ? workingDirectory : dataDirectory;
  const databasePath = resolveFrom(databaseFrom, values.store.databasePath, place);
  return {
    ok: true,
    env: completed.env,
    envFile: completed.path,
    flags,
    resolved,
    dataDirectory,
    databasePath,
    databaseDirectory: dirname(databasePath),
  };
}

function directoryFor(given: unknown, { workingDirectory, place }: StartInput): string {
  return typeof given === "string" && given.trim() !== ""
    ? resolveFrom(workingDirectory, given.trim(), place)
    : applicationDirectory(APPLICATION, place);
}
