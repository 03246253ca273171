import { defineConfig } from "vitest/config";

/** Packages resolve to their sources, so that a unit test never runs a stale build. */
const fromSource = { conditions: ["@truss-chains/source", "node", "development|production"] };

export default defineConfig({
  resolve: fromSource,
  ssr: { resolve: fromSource },
  oxc: { decorator: { legacy: true } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "test/**/*.test.ts", "examples/*/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**", "test/**/fixtures/**"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: process.env.CI ? ["default", "./.ci/reporter.mjs"] : ["default"],
    // Tests must not depend on the order they run in.
    sequence: { shuffle: true },
  },
});
