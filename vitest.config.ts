import { defineConfig } from "vitest/config";

const deep = "test/**/*.deep.test.ts";
/** They put their own functions in the place of Node's before anything else is loaded. */
const alone = "test/kill-points/**/*.test.ts";

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 3,
    projects: [
      // One process for many files: a third of the time went into loading the same modules for each.
      {
        extends: true,
        test: { name: "together", include: ["test/**/*.test.ts"], exclude: [deep, alone], isolate: false },
      },
      { extends: true, test: { name: "alone", include: [alone], exclude: [deep] } },
    ],
  },
});
