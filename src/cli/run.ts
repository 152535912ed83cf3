// From the words of a command line to its exit code. Expected troubles become one sentence on stderr.

import type { SettingKey } from "../contract/settings/table.ts";
import { withoutSecrets } from "../kit/redact.ts";
import { version } from "../service/version.ts";
import type { Context, Options, Terminal } from "./context.ts";
import { CommandError } from "./context.ts";
import type { ExitCode } from "./exit-codes.ts";
import { exitCodes } from "./exit-codes.ts";
import { buildProgram } from "./program.ts";
import { chooseWords } from "./words/choose.ts";
import type { Words } from "./words/en.ts";

export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const words = chooseWords(languageFlag(args), terminal.place.env);
  let exitCode: ExitCode = exitCodes.done;
  const program = buildProgram({
    words,
    version,
    out: (text) => terminal.out(text.trimEnd()),
    err: (text) => terminal.err(text.trimEnd()),
    async onCommand(entry, commandArgs, options) {
      const { run: runCommand } = await entry.load();
      const context = await createContext(terminal, words, options);
      exitCode = await runCommand(context, commandArgs, options);
    },
  });
  if (args.length === 0) {
    program.outputHelp();
    return exitCodes.done;
  }
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    return explain(error, terminal, words);
  }
}

/** Needed before parsing, because parsing itself speaks. */
function languageFlag(args: readonly string[]): string | undefined {
  const at = args.indexOf("--lang");
  return at < 0 ? args.find((arg) => arg.startsWith("--lang="))?.slice("--lang=".length) : args[at + 1];
}

async function createContext(terminal: Terminal, words: Words, options: Options): Promise<Context> {
  const { startSettings } = await import("../service/settings/start-settings.ts");
  const { dataDir, envFile, lang } = options;
  const isJson = options.json === true;
  const text = (name: string, value: Options[string]) => (typeof value === "string" ? [name, value] : []);
  return {
    terminal,
    words,
    isJson,
    globalFlags: [...text("--data-dir", dataDir), ...text("--env-file", envFile), ...text("--lang", lang)],
    settings(flags: Readonly<Partial<Record<SettingKey, unknown>>> = {}) {
      const { place, packageRoot, workingDirectory } = terminal;
      const start = startSettings({
        flags: typeof dataDir === "string" ? { ...flags, "store.directory": dataDir } : flags,
        envFile: typeof envFile === "string" ? envFile : null,
        packageRoot,
        workingDirectory,
        place,
      });
      if (!start.ok) throw new CommandError(start.message, exitCodes.usage);
      return start;
    },
    print(value, lines) {
      if (isJson) terminal.out(JSON.stringify(value, null, 2));
      else for (const line of lines()) terminal.out(line);
    },
  };
}

/** These say in their message all a person needs; anything else is a bug and shows where it happened. */
const EXPECTED = new Set(["StoreError", "InstanceError", "ListenError"]);

function explain(error: unknown, terminal: Terminal, words: Words): ExitCode {
  if (!(error instanceof Error)) throw error;
  if (error instanceof CommandError) {
    terminal.err(`codexmanager: ${withoutSecrets(error.message)}`);
    return error.exitCode;
  }
  if (isCommanderError(error)) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  const text = EXPECTED.has(error.name) ? error.message : words.unexpected(error.stack ?? error.message);
  terminal.err(`codexmanager: ${withoutSecrets(text)}`);
  return exitCodes.failed;
}

/** Commander has printed it already. */
function isCommanderError(error: Error): error is Error & { exitCode: number } {
  return "exitCode" in error && "code" in error && String(error.code).startsWith("commander.");
}
