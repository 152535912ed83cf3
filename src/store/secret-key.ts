// Finds the key that credentials are sealed with: given by the operator, or a file beside the database.

import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { DatabaseSync } from "node:sqlite";
import { createFile } from "../kit/atomic-file.ts";
import { createSecretBox, parseSecretKey } from "../kit/secret-box.ts";
import type { SecretBox } from "../kit/secret-box.ts";
import { explainOpenError, StoreError } from "./store-error.ts";

const accepted = "32 bytes as 64 hex digits or as base64";
const checkText = "codexmanager";
const checkContext = "secret_check";

/**
 * The box for this database. `given` is the operator's key text, else `keyFile` is read, or created when the database
 * holds no secret yet. Throws StoreError when the key is malformed, missing or not the one the database was sealed with.
 */
export async function openSecretBox(database: DatabaseSync, keyFile: string, given?: string): Promise<SecretBox> {
  const check = database.prepare("select sealed from secret_check").get()?.["sealed"] as Uint8Array | undefined;
  const key = given === undefined ? await keyFromFile(keyFile, check === undefined) : keyFromText(given);
  const box = createSecretBox(key);
  if (check === undefined) {
    const insertion = database.prepare("insert into secret_check values (1, ?) on conflict do nothing");
    insertion.run(box.seal(checkText, checkContext));
    return box;
  }
  if (box.open(check, checkContext) === checkText) return box;
  const source = given === undefined ? `The key file ${keyFile}` : "CODEXMANAGER_SECRET_KEY";
  const advice = "Restore the key it was created with; without it stored logins cannot be read.";
  throw new StoreError("wrong_key", `${source} does not belong to this database. ${advice}`);
}

function keyFromText(text: string): Buffer {
  const key = parseSecretKey(text);
  if (key) return key;
  throw new StoreError("invalid_key", `CODEXMANAGER_SECRET_KEY is not a key: it must be ${accepted}.`);
}

async function keyFromFile(path: string, mayCreate: boolean): Promise<Buffer> {
  const text = await readKeyFile(path);
  if (text === null && !mayCreate) {
    const advice = "Restore it, or set CODEXMANAGER_SECRET_KEY; without it stored logins cannot be read.";
    throw new StoreError("missing_key", `The key file ${path} is missing. ${advice}`);
  }
  if (text === null) return createKeyFile(path);
  const key = parseSecretKey(text);
  if (key) return key;
  throw new StoreError("invalid_key", `The key file ${path} is not a key: it must hold ${accepted}. Restore it.`);
}

async function createKeyFile(path: string): Promise<Buffer> {
  const key = randomBytes(32);
  try {
    const isOurs = await createFile(path, `${key.toString("hex")}\n`);
    return isOurs ? key : await keyFromFile(path, false);
  } catch (error) {
    throw explainOpenError(error, path);
  }
}

async function readKeyFile(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return null;
    throw new StoreError("invalid_key", `The key file ${path} cannot be read (${message}).`, error);
  }
}
