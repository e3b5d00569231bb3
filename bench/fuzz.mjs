// The fuzzing of Resource Manager's routes that `npm test` does with one seed and a few hundred requests, for long.
// Usage: node bench/fuzz.mjs [requests] [seed]
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const requests = process.argv[2] ?? '20000';
const seed = process.argv[3] ?? String(Math.floor(Math.random() * 2 ** 31));
console.log(`${requests} requests, seed ${seed}`);
const file = 'packages/local-azure/src/resource-manager/fuzz.test.ts';
const { status } = spawnSync('npx', ['vitest', 'run', file], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  env: { ...process.env, FUZZ_RUNS: requests, FUZZ_SEED: seed },
  stdio: 'inherit',
});
process.exit(status ?? 1);
