// The ways opening or using the data directory can fail, each told in one sentence a person can act on.

export type StoreProblem = "unwritable" | "corrupt" | "foreign" | "newer" | "invalid_key" | "missing_key" | "wrong_key";

/** Broken infrastructure, never an expected outcome. `message` is complete: what, where, what to do. */
export class StoreError extends Error {
  readonly problem: StoreProblem;

  constructor(problem: StoreProblem, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "StoreError";
    this.problem = problem;
  }
}

const sqliteReadonly = 8;
const sqliteCorrupt = 11;
const sqliteFull = 13;
const sqliteCannotOpen = 14;
const sqliteNotADatabase = 26;
const sqliteIoError = 10;

/** Translates what SQLite or the file system said while `path` was opened; anything else is passed through as a bug. */
export function explainOpenError(error: unknown, path: string): unknown {
  if (error instanceof StoreError || !(error instanceof Error)) return error;
  const { code, errcode } = error as NodeJS.ErrnoException & { errcode?: number };
  const primary = (errcode ?? 0) & 0xff;
  if (primary === sqliteCorrupt || primary === sqliteNotADatabase) {
    const advice = "Nothing was changed. Move the file away, or put a backup in its place, and start again.";
    return new StoreError("corrupt", `${path} is damaged or not a database (${error.message}). ${advice}`, error);
  }
  const isUnwritable = [sqliteReadonly, sqliteFull, sqliteCannotOpen, sqliteIoError].includes(primary);
  if (isUnwritable || ["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST", "ENOSPC", "EISDIR"].includes(code ?? "")) {
    const advice = "Make it writable for this user, or choose another data directory.";
    return new StoreError("unwritable", `${path} cannot be written (${error.message}). ${advice}`, error);
  }
  return error;
}
