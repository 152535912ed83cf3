import { defineConfig } from "vitest/config";

/** Real clients, one gateway and one world per test; run by `run.ts`, which says which clients there are. */
export default defineConfig({
  test: {
    include: ["test/clients/**/*.test.ts"],
    // A run about one client finds no tests in the files of the others.
    passWithNoTests: true,
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 90_000,
    hookTimeout: 30_000,
  },
});
