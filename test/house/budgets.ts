// The limits the house keeps. Raising a number is a visible one-line change.

export const budgets = {
  medianFileLines: 110,
  fileLines: 400,
  functionLines: 60,
  runtimeDependencies: 20,
  readmeLines: 200,
  basicSettings: 12,
};

/** Everything that may stand at the top of the repository. */
export const rootEntries = [
  ".ci",
  ".github",
  ".gitignore",
  ".npmrc",
  ".oxfmtrc.json",
  ".oxlintrc.json",
  "bench",
  "bin",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "docs",
  "knip.json",
  "LICENSE",
  "package-lock.json",
  "package.json",
  "README.md",
  "README.zh-CN.md",
  "scripts",
  "src",
  "test",
  "tsconfig.json",
  "vitest.config.ts",
  "web",
];

/** Made by tools and never committed. */
export const madeEntries = [".cache", ".env", ".git", "codexmanager.env", "coverage", "dist", "node_modules"];
