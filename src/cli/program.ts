// The command line as commander understands it, built from the table of commands.

import { Command } from "commander";

import type { CommandEntry } from "./commands.ts";
import { commands, nouns } from "./commands.ts";
import type { Options } from "./context.ts";
import type { Words } from "./words/en.ts";

export interface Program {
  readonly words: Words;
  readonly version: string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Runs the command that was asked for. */
  onCommand(entry: CommandEntry, args: readonly string[], options: Options): Promise<void>;
}

/** Parsing throws CommanderError when the command line is wrong, or when help or version were asked for. */
export function buildProgram(program: Program): Command {
  const { words } = program;
  const root = configure(new Command("codexmanager"), program).description(words.program);
  root.version(program.version, "-V, --version", words.options.version);
  const groups = new Map<string, Command>();
  for (const entry of commands) {
    for (const [first, second] of [entry.path, ...(entry.alias ? [entry.alias] : [])]) {
      const parent = second === undefined ? root : groupOf(first, root, groups, program);
      addCommand(parent, second ?? first, entry, program);
    }
  }
  return root;
}

function groupOf(noun: string, root: Command, groups: Map<string, Command>, program: Program): Command {
  const known = groups.get(noun);
  if (known) return known;
  const group = configure(root.command(noun), program).description(program.words.commands[nouns[noun] ?? "status"]);
  groups.set(noun, group);
  return group;
}

function addCommand(parent: Command, name: string, entry: CommandEntry, program: Program): void {
  const { words } = program;
  const command = configure(parent.command(name), program).description(words.commands[entry.help]);
  if (entry.args) command.argument(entry.args);
  for (const { flags, help } of entry.options ?? []) command.option(flags, words.options[help]);
  command.action(async () => {
    const options = command.optsWithGlobals<Options>();
    await program.onCommand(entry, command.args, options);
  });
}

/** Global options are taken before and after the command's name. */
function configure(command: Command, { words, out, err }: Program): Command {
  return command
    .option("--data-dir <directory>", words.options.dataDir)
    .option("--env-file <file>", words.options.envFile)
    .option("--lang <language>", words.options.lang)
    .option("--json", words.options.json)
    .helpOption("-h, --help", words.options.help)
    .helpCommand(false)
    .exitOverride()
    .showHelpAfterError(false)
    .configureOutput({ writeOut: out, writeErr: err });
}
