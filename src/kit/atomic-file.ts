// Writes small private files so that a reader, or a crash at any moment, sees the old content or the new, never half of one.

import { randomBytes } from "node:crypto";
import { constants, copyFile, link, lstat, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** Replaces `path` (mode 0600). A symbolic link at `path` is refused, so that nobody can redirect the write. */
export async function replaceFile(path: string, content: string): Promise<void> {
  const existing = await lstat(path).catch(ignoreMissing);
  if (existing?.isSymbolicLink()) throw new Error(`${path} is a symbolic link; it is not followed`);
  await throughTemporary(path, content, (temporary) => rename(temporary, path));
}

/** Creates `path` (mode 0600) with its whole content; false, and nothing written, when it exists already. */
export async function createFile(path: string, content: string): Promise<boolean> {
  try {
    await throughTemporary(path, content, (temporary) =>
      link(temporary, path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "EEXIST") throw error;
        return copyFile(temporary, path, constants.COPYFILE_EXCL); // file systems without hard links
      }),
    );
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function throughTemporary(path: string, content: string, place: (temporary: string) => Promise<void>) {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await place(temporary);
  } finally {
    await rm(temporary, { force: true });
  }
  await syncDirectory(dirname(path));
}

/** Makes the new name durable; Windows cannot open directories and needs none of it. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}
