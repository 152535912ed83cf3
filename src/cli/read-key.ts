// Where a command gets an API key from: an environment variable, the person at the terminal, or standard input. Never from the
// command line itself, which others can read.

import type { Context, Options } from "./context.ts";
import { CommandError } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";

/** Throws CommandError when the variable that was named is not set. */
export async function readKey({ terminal, words }: Context, { keyEnv }: Options, name: string): Promise<string> {
  if (typeof keyEnv !== "string") return (await terminal.readSecret(words.providers.askKey(name))).trim();
  const value = terminal.place.env[keyEnv]?.trim() ?? "";
  if (value === "") throw new CommandError(words.providers.noKeyVariable(keyEnv), exitCodes.usage);
  return value;
}
