// How long until it answers: `local-azure start` to its first authenticated answer, cold (keys are made) and warm,
// beside `docker-registry serve` (Debian's package of CNCF distribution) to its first 200.
// Usage: npm run build && node bench/ready.mjs
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installed, median, printTable } from './measure.mjs';

const localAzure = 'packages/local-azure/bin/local-azure.js';
const folder = mkdtempSync(join(tmpdir(), 'bench-ready-'));

async function startLocalAzure(dataDir) {
  const began = performance.now();
  const args = [localAzure, 'start', '--data-dir', dataDir, '--port', '0', '--json', '--until-input-ends'];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const ready = performance.now() - began;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.stdin.end();
  await ended;
  return ready;
}

async function startRegistry() {
  const config = join(folder, 'registry.yml');
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  writeFileSync(
    config,
    `version: 0.1\nstorage: {filesystem: {rootdirectory: ${folder}/registry}}\nhttp: {addr: 127.0.0.1:${port}}\n`,
  );
  const began = performance.now();
  const child = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const answers = () =>
    fetch(`http://127.0.0.1:${port}/v2/`).then(
      (response) => response.ok,
      () => false,
    );
  while (!(await answers())) await new Promise((resolve) => setTimeout(resolve, 2));
  const ready = performance.now() - began;
  child.kill();
  await ended;
  return ready;
}

async function times(runs, measure) {
  const results = [];
  for (let run = 0; run < runs; run++) results.push(await measure(run));
  return median(results);
}

try {
  spawnSync(process.execPath, [localAzure, '--help']); // fills the file cache
  printTable('Ready after (median of 5 runs)', [
    ...(installed('docker-registry') ? [['docker-registry', await times(5, startRegistry)]] : []),
    ['local-azure, first start', await times(5, (run) => startLocalAzure(join(folder, `cold-${run}`)))],
    ['local-azure, started again', await times(5, () => startLocalAzure(join(folder, 'cold-0')))],
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
