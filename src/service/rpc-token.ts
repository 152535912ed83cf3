// The token that /rpc asks for: given, or in a file that is created with a random one.

import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

import { createFile } from "../kit/atomic-file.ts";
import { explainOpenError, StoreError } from "../store/store-error.ts";
import type { StartSettings } from "./settings/start-settings.ts";

/** `given` wins over the file; when two processes create the file at once, the first one's token counts for both. */
export async function openRpcToken(given: string | null, path: string): Promise<string> {
  if (given !== null) return given;
  const existing = await readToken(path);
  if (existing !== null) return existing;
  const token = randomBytes(32).toString("hex");
  try {
    if (await createFile(path, token)) return token;
  } catch (error) {
    throw explainOpenError(error, path);
  }
  return (await readToken(path)) ?? token;
}

/** A relative path is taken from the database's folder. */
export function rpcTokenPath({ databaseDirectory, resolved }: StartSettings): string {
  return resolve(databaseDirectory, resolved.values.service.rpcTokenFile);
}

/** The token in the file; null when there is no file. */
export async function readToken(path: string): Promise<string | null> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return null;
    throw new StoreError("invalid_key", `The RPC token file ${path} cannot be read (${message}).`, error);
  }
  const token = text.trim();
  if (token !== "") return token;
  throw new StoreError("invalid_key", `The RPC token file ${path} is empty. Delete it, and a new one is created.`);
}
