import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.deep.test.ts"],
    testTimeout: 1_200_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    globalSetup: "test/support/sweep-sums.ts",
  },
});
