// What a command is given: where to print, what was said on the command line, and the settings that follow from it.

import type { SettingKey } from "../contract/settings/table.ts";
import type { Clock } from "../kit/clock.ts";
import type { Place } from "../kit/paths.ts";
import { plainText } from "../kit/plain-text.ts";
import type { StartSettings } from "../service/settings/start-settings.ts";
import type { ExitCode } from "./exit-codes.ts";
import type { Words } from "./words/en.ts";

/** The process as commands see it. */
export interface Terminal {
  readonly place: Place;
  readonly workingDirectory: string;
  readonly packageRoot: string;
  /** The file this program was started from. */
  readonly entry: string;
  readonly isInteractive: boolean;
  readonly clock: Clock;
  out(line: string): void;
  err(line: string): void;
  readInput(): Promise<string>;
  /** One line typed without being shown; all of standard input when nobody sits at it. */
  readSecret(prompt: string): Promise<string>;
  /** Calls the listener for each signal that asks to stop. Returns the unsubscriber. */
  onSignal(listener: () => void): () => void;
  /** Ends the process at once. */
  exit(code: ExitCode): void;
}

export interface Context {
  readonly terminal: Terminal;
  readonly words: Words;
  readonly isJson: boolean;
  /** The command line's global options, for a child process. */
  readonly globalFlags: readonly string[];
  /** Settings with these flags; throws CommandError when a flag is not accepted. */
  settings(flags?: Readonly<Partial<Record<SettingKey, unknown>>>): StartSettings;
  /** Prints the value as JSON, or the lines for people. */
  print(value: unknown, lines: () => readonly string[]): void;
}

export type Options = Readonly<Record<string, string | boolean | undefined>>;

export type Run = (context: Context, args: readonly string[], options: Options) => Promise<ExitCode>;

/** Ends a command with one sentence. */
export class CommandError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode) {
    super(message);
    this.name = "CommandError";
    this.exitCode = exitCode;
  }
}

/** A cell or line that came from outside, safe to print. */
export function shown(value: string | number | null | undefined): string {
  return value === null || value === undefined || value === "" ? "-" : plainText(String(value));
}

/** Unix seconds in local time, to the minute. */
export function shownTime(seconds: number | null): string {
  if (seconds === null) return "-";
  const local = new Date(seconds * 1000);
  const pad = (part: number) => String(part).padStart(2, "0");
  const date = [local.getFullYear(), pad(local.getMonth() + 1), pad(local.getDate())].join("-");
  return `${date} ${pad(local.getHours())}:${pad(local.getMinutes())}`;
}
