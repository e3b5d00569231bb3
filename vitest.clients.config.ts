import { defineConfig } from 'vitest/config';

/** Real clients (az, skopeo, Docker) against a real local Azure; `.ci/run` installs them. */
export default defineConfig({
  test: {
    include: ['tests/clients/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    // What they start is their own: a local Azure, a Docker engine, folders and ports.
    maxWorkers: 2,
  },
});
