// Env files: their lines, which file is read, and filling in what the environment does not say. Sets nothing itself.

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** File names looked for in a folder, the first existing one is read. */
const ENV_FILE_NAMES = ["codexmanager.env", "CodexManager.env", ".env"] as const;

const LINE = /^\s*(?:export\s+)?(?<name>[A-Za-z_][A-Za-z0-9_]*)\s*=(?<value>.*)$/;

/**
 * Reads the lines of an env file: blank lines and those starting with `#` or `;` say nothing, `export ` is allowed before
 * `KEY=VALUE`, one pair of single or double quotes is stripped, an unquoted value ends before ` #`. Lines of another
 * form are skipped. A key that stands twice has its last value.
 */
export function parseEnvFile(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const line of text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/)) {
    const { name, value } = LINE.exec(line)?.groups ?? {};
    if (name !== undefined && value !== undefined) values[name] = unquoted(value.trim());
  }
  return values;
}

function unquoted(value: string): string {
  const quoted = /^(?:"(?<double>[^"]*)"|'(?<single>[^']*)')\s*(?:#.*)?$/.exec(value)?.groups;
  if (quoted) return quoted.double ?? quoted.single ?? "";
  return value.replace(/(?:^|\s+)#.*$/, "");
}

export type Environment = Readonly<Record<string, string | undefined>>;

export type EnvFileResult =
  | { readonly ok: true; readonly env: Environment; /** The file that was read. */ readonly path: string | null }
  | { readonly ok: false; readonly message: string };

export interface EnvFilePlaces {
  /** A file named on the command line; it must exist, and no other is looked for. */
  readonly file: string | null;
  /** Folders to look in, in order. The working directory is never one of them: it may be anybody's repository. */
  readonly folders: readonly string[];
}

/** The environment completed by at most one env file: variables that are set, even to nothing, stay as they are. */
export function completeEnvironment(env: Environment, { file, folders }: EnvFilePlaces): EnvFileResult {
  const paths = file === null ? folders.flatMap((folder) => ENV_FILE_NAMES.map((name) => join(folder, name))) : [file];
  for (const path of paths) {
    const read = readIfThere(path);
    if (read instanceof Error) return { ok: false, message: `cannot read the env file ${path}: ${read.message}` };
    if (read !== null) return { ok: true, env: { ...parseEnvFile(read), ...definedOnly(env) }, path };
  }
  return file === null ? { ok: true, env, path: null } : { ok: false, message: `there is no env file ${file}` };
}

function readIfThere(path: string): string | null | Error {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" || code === "ENOTDIR" ? null : error;
  }
}

function definedOnly(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}
