import { defineConfig } from "vitest/config";

/** Everything but the real clients and the long fault runs: unit tests beside the code, black-box tests under test/. */
export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "scripts/**/*.test.ts", "bench/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["test/faults/**", "test/clients/**", "node_modules/**"],
    pool: "threads",
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
