// The real clients that are run, as npm packages: which releases of each, and which packages belong together.

export type ProgramName = keyof typeof programs;

/** Package -> version or tag, of one release; the first package gives it its version. */
export type Release = Readonly<Record<string, string>>;

/** The newest release of each, and releases that are known to work or whose habits differ. */
export const programs = {
  codex: ["latest", "0.148.0", "0.125.0", "0.101.0"].map((version): Release => ({ "@openai/codex": version })),
  claude: ["latest", "2.1.329"].map((version): Release => ({ "@anthropic-ai/claude-code": version })),
  gemini: ["latest", "0.61.0"].map((version): Release => ({ "@google/gemini-cli": version })),
  opencode: ["latest", "1.18.33"].map((version): Release => ({ "opencode-ai": version })),
  openai: ["latest", "7.55.0"].map((version): Release => ({ openai: version })),
  anthropic: ["latest", "1.11.0"].map((version): Release => ({ "@anthropic-ai/sdk": version })),
  ai: [
    { ai: "latest", "@ai-sdk/openai": "latest", "@ai-sdk/anthropic": "latest", "@ai-sdk/openai-compatible": "latest" },
    {
      ai: "7.0.173",
      "@ai-sdk/openai": "4.0.118",
      "@ai-sdk/anthropic": "4.0.105",
      "@ai-sdk/openai-compatible": "3.0.92",
    },
  ],
} satisfies Readonly<Record<string, readonly Release[]>>;

export const programNames = Object.keys(programs) as readonly ProgramName[];

export function isProgramName(word: string): word is ProgramName {
  return word in programs;
}

/** One release that is there. */
export interface Program {
  readonly name: ProgramName;
  readonly version: string;
  /** Holds its `node_modules`. */
  readonly folder: string;
}
