import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'tests/*.test.ts', 'tests/{azurerm,causes}/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Most tests on the wire wait for a container or a clock, so two processors have more than one test to run.
    maxWorkers: 4,
    // No test changes what a module holds: files that a worker runs share what they import.
    isolate: false,
    // What is waited for comes at once, but for a machine that does much else.
    expect: { poll: { timeout: 10_000 } },
  },
});
