import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

import { withRpc } from "../connect.ts";
import type { Context, Run } from "../context.ts";
import { CommandError, shown } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";

const STANDARD_INPUT = "-";

/** A file that cannot be read ends the command before anything is imported. */
export const run: Run = async (context, names) => {
  const { words } = context;
  const contents: string[] = [];
  for (const name of names) contents.push(await read(context, name));
  const result = await withRpc(context, (rpc) => rpc.call("account/import", { contents, names: [...names] }));
  context.print(result, () => {
    const { total, created, updated, failed, errors } = result;
    const refusals = errors.map(({ index, file, message }) =>
      words.refusedItem(index, file === undefined ? "" : shown(file), shown(message)),
    );
    return [words.imported(total, created, updated, failed), ...refusals];
  });
  if (result.failed === 0) return exitCodes.done;
  return result.failed < result.total ? exitCodes.partial : exitCodes.failed;
};

async function read({ terminal, words }: Context, name: string): Promise<string> {
  if (name === STANDARD_INPUT) return terminal.readInput();
  try {
    return await readFile(resolve(terminal.workingDirectory, name), "utf8");
  } catch (error) {
    throw new CommandError(words.cannotRead(name, (error as Error).message), exitCodes.failed);
  }
}
