// How long from the command to the first useful answer. Usage: node bench/ready.mjs [runs]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalAzure } from './local-azure.mjs';
import { freePort } from './ports.mjs';
import { installed, report } from './report.mjs';

const runs = Number(process.argv[2] ?? 9);
const folder = () => mkdtemp(join(tmpdir(), 'bench-ready-'));
const remove = (path) => rm(path, { recursive: true, force: true });

/** Until Resource Manager has answered a token of Entra ID. */
async function localAzureMs(dataDir) {
  const began = performance.now();
  const azure = await startLocalAzure(dataDir);
  await azure.resource('GET', '/subscriptions', '2022-12-01');
  const took = performance.now() - began;
  await azure.stop();
  return took;
}

/** Until the registry of the distribution project has answered 200. It has no sign-in to do. */
async function dockerRegistryMs() {
  const root = await folder();
  const port = await freePort();
  const file = join(root, 'config.yml');
  await writeFile(
    file,
    `version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: ${root}}}\nhttp: {addr: '127.0.0.1:${port}'}\n`,
  );
  const began = performance.now();
  const child = spawn('docker-registry', ['serve', file], { stdio: 'ignore' });
  while ((await statusOf(`http://127.0.0.1:${port}/v2/`)) !== 200)
    await new Promise((done) => setTimeout(done, 1));
  const took = performance.now() - began;
  child.kill('SIGTERM');
  await once(child, 'exit');
  await remove(root);
  return took;
}

const statusOf = (url) =>
  new Promise((resolve) => {
    get(url, { agent: false }, (response) => resolve(response.resume().statusCode)).on('error', () =>
      resolve(undefined),
    );
  });

const cold = { name: 'local-azure, on an empty folder', values: [] };
const warm = { name: 'local-azure, on a used folder', values: [] };
const registry = { name: 'docker-registry', values: [] };
const compare = installed('docker-registry');

for (let run = 0; run < runs; run++) {
  const dataDir = await folder();
  cold.values.push(await localAzureMs(dataDir));
  warm.values.push(await localAzureMs(dataDir));
  await remove(dataDir);
  if (compare) registry.values.push(await dockerRegistryMs());
}
report('Time to the first answer', 'ms', compare ? [cold, warm, registry] : [cold, warm]);
