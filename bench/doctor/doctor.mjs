// `acrpull doctor` beside a script with az that makes the same judgement, with 100 ms for each call: of one app with
// three slots, and of many apps, of which the script judges a sample. Both must come to the same.
// Usage: node bench/doctor/doctor.mjs [runs] [apps] [sample]
import { deepStrictEqual } from 'node:assert';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { program, startLocalAzure } from '../local-azure.mjs';
import { installed, report } from '../report.mjs';
import { addLatency } from './latency.mjs';
import { makeApps, makeAppWithSlots } from './make-apps.mjs';

const runs = Number(process.argv[2] ?? 5);
const apps = Number(process.argv[3] ?? 1000);
const sampleSize = Number(process.argv[4] ?? 10);
const latencyMs = 100;
const group = 'blog';
if (!installed('az')) throw new Error('This needs az.');

const folder = await mkdtemp(join(tmpdir(), 'bench-doctor-'));
const dataDir = join(folder, 'azure');
const azure = await startLocalAzure(dataDir, '--propagation', '0', '--engine', 'none');
const delaying = await addLatency(azure.port, latencyMs);
try {
  const settings = execFileSync(process.execPath, [program, 'env', '--json', '--data-dir', dataDir]);
  const near = { ...process.env, ...JSON.parse(settings), XDG_STATE_HOME: folder };
  const proxy = `http://127.0.0.1:${delaying.port}`;
  const env = { ...near, HTTPS_PROXY: proxy, HTTP_PROXY: proxy };
  execFileSync(
    process.execPath,
    [fileURLToPath(new URL('../../packages/acrpull/dist/demo/set-up.js', import.meta.url))],
    { env: near },
  );
  execFileSync(process.execPath, [program, 'exec', '--data-dir', dataDir, '--', 'az', 'group', 'list'], {
    env: near,
  });
  const app = await makeAppWithSlots(azure);
  const names = await makeApps(azure, apps);

  const doctor = { name: 'acrpull doctor', values: [] };
  const script = { name: 'a script with az', values: [] };
  for (let run = 0; run < runs; run++) {
    const ours = await timed(doctor.values, acrpull, [app, '-g', group]);
    deepStrictEqual(ours, await timed(script.values, azScript, [app]));
  }
  report(`One app with three slots, ${latencyMs} ms for each call`, 'ms', [doctor, script]);

  const many = { name: `acrpull doctor, ${apps} apps`, values: [] };
  const sample = Array.from({ length: sampleSize }, (_, n) => names[Math.floor((n * apps) / sampleSize)]);
  const ours = await timed(many.values, acrpull, ['-g', group]);
  const ofSample = { name: `a script with az, ${sampleSize} of them`, values: [] };
  const theirs = await timed(ofSample.values, azScript, sample);
  for (const [name, link] of Object.entries(theirs)) deepStrictEqual([name, ours[name]], [name, link]);
  report(`Many apps without slots, ${latencyMs} ms for each call`, 'ms', [many, ofSample]);
  const all = (ofSample.values[0] / sampleSize) * apps;
  const times = (all / many.values[0]).toFixed(0);
  console.log(
    `For all ${apps} the script would take ${(all / 60_000).toFixed(0)} min (extrapolated): ${times} times as long.`,
  );

  async function timed(values, judge, args) {
    const began = performance.now();
    const links = await judge(args, env);
    values.push(performance.now() - began);
    return links;
  }
} finally {
  delaying.close();
  await azure.stop();
  await rm(folder, { recursive: true, force: true });
}

/** The first broken link of each site, or `-`. */
async function acrpull(args, env) {
  const bin = fileURLToPath(new URL('../../packages/acrpull/bin/acrpull.js', import.meta.url));
  const printed = await run(process.execPath, [bin, 'doctor', ...args, '--json'], env);
  const reports =
    args[0] === '-g'
      ? printed
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line))
      : [JSON.parse(printed)];
  return Object.fromEntries(
    reports.flatMap(({ sites }) => sites.map(({ name, firstBroken }) => [name, firstBroken ?? '-'])),
  );
}

async function azScript(names, env) {
  const file = fileURLToPath(new URL('doctor.sh', import.meta.url));
  const printed = await run('sh', [file, group, ...names], env);
  return Object.fromEntries(
    printed
      .trim()
      .split('\n')
      .map((line) => line.split(' ')),
  );
}

async function run(command, args, env) {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = once(child, 'exit');
  const printed = await text(child.stdout);
  await exited;
  return printed;
}
