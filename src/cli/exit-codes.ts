// What a command's exit code says. The one table, for the program and for its documentation.

export const exitCodes = {
  /** Done. */
  done: 0,
  /** Not done; one sentence on stderr says why. */
  failed: 1,
  /** The command line is wrong: unknown command, option or value. */
  usage: 2,
  /** What the command was to show does not exist. */
  notFound: 3,
  /** Done in part: some items of an import were refused. */
  partial: 4,
  /** A second signal broke off the orderly stop. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
