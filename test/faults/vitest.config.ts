import { join } from "node:path";

import { defineConfig } from "vitest/config";

/** The long fault runs: minutes of killing and racing. `FAULTS_SEED` repeats a run. */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, "../.."),
    include: ["test/faults/**/*.test.ts"],
    pool: "threads",
    fileParallelism: false,
    disableConsoleIntercept: true,
    testTimeout: 30 * 60_000,
    hookTimeout: 60_000,
  },
});
