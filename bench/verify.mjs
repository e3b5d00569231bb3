// What verify adds to a start of a site whose image is present. Usage: node bench/verify.mjs [runs]
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { program, startLocalAzure } from './local-azure.mjs';
import { report } from './report.mjs';

const runs = Number(process.argv[2] ?? 15);
const file = (path) => fileURLToPath(new URL(`../packages/acrpull/${path}`, import.meta.url));
const dataDir = await mkdtemp(join(tmpdir(), 'bench-verify-'));
const azure = await startLocalAzure(dataDir, '--propagation', '0');
try {
  const settings = execFileSync(process.execPath, [program, 'env', '--json', '--data-dir', dataDir]);
  const env = { ...process.env, ...JSON.parse(settings), XDG_STATE_HOME: dataDir };
  const run = (path, ...args) =>
    execFileSync(process.execPath, [file(path), ...args], { env, encoding: 'utf8', stdio: 'pipe' });
  const verify = () =>
    JSON.parse(run('bin/acrpull.js', 'verify', 'hoge-app', '--slot', 'staging', '--json')).sites[0];
  run('dist/demo/set-up.js');
  run('bin/acrpull.js', 'fix', 'hoge-app', '--yes');
  const { id } = verify();

  const start = { name: 'the start itself, by its log: from the pull to ready', values: [] };
  const whole = { name: 'verify: log, restart, start, answer', values: [] };
  for (let index = 0; index < runs; index++) {
    whole.values.push(verify().elapsedMs);
    start.values.push(await startMs(id));
  }
  report('A start that is verified, with the image present', 'ms', [start, whole]);
} finally {
  await azure.stop();
  await rm(dataDir, { recursive: true, force: true });
}

/** Of the site's last start. */
async function startMs(id) {
  const url = `https://management.azure.com${id}/containerlogs?api-version=2023-12-01`;
  const { content } = await azure.request('POST', url, {
    headers: { authorization: `Bearer ${azure.token}` },
  });
  const last = (words) => {
    const line = content.split('\n').findLast((text) => text.includes(words));
    return Date.parse(line.slice(0, 24));
  };
  return last('ready to serve') - last('Pulling image:');
}
