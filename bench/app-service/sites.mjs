// Twenty sites with two slots each, each slot a container of the Linux engine: start, memory, an idle minute, restart.
// A restart stands beside `docker run` of the same image, if a Docker engine answers.
// Usage: node bench/app-service/sites.mjs [sites] [runs]
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assembleSampleImage } from '../../packages/acrpull/dist/demo/sample-image.js';
import { program, startLocalAzure } from '../local-azure.mjs';
import { median, report } from '../report.mjs';
import { cpuOf, memoryOf } from './processes.mjs';

const count = Number(process.argv[2] ?? 20);
const runs = Number(process.argv[3] ?? 9);
const slots = ['staging', 'test'];
const idleSeconds = 20;
const location = 'japaneast';
const web = '2023-12-01';

const dataDir = await mkdtemp(join(tmpdir(), 'bench-sites-'));
const azure = await startLocalAzure(dataDir, '--engine', 'linux', '--propagation', '0');
const { port } = JSON.parse(await readFile(join(dataDir, 'instance.json'), 'utf8'));
const group = `${azure.subscription}/resourceGroups/bench`;
const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/bench`;
const plan = `${group}/providers/Microsoft.Web/serverfarms/bench`;
const site = (n) => `${group}/providers/Microsoft.Web/sites/bench-${n}`;

const since = (began) => performance.now() - began;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function pushImage({ username, passwords }) {
  const authorization = `Basic ${Buffer.from(`${username}:${passwords[0].value}`).toString('base64')}`;
  const { manifest, blobs } = await assembleSampleImage();
  for (const { digest, content } of blobs) {
    const url = `https://bench.azurecr.io/v2/app/blobs/uploads/?digest=${digest}`;
    const headers = { authorization, 'content-type': 'application/octet-stream' };
    await azure.request('POST', url, { headers, body: content });
  }
  await azure.request('PUT', 'https://bench.azurecr.io/v2/app/manifests/1', {
    headers: { authorization, 'content-type': manifest.mediaType },
    body: manifest.content,
  });
}

/** Until a site answers; a visitor who comes while it starts waits. */
function visit(name) {
  return new Promise((resolve, reject) => {
    get({ port, headers: { host: `${name}.localhost:${port}` } }, (response) => {
      response.resume();
      if (response.statusCode === 200) resolve();
      else reject(new Error(`${name} answered ${response.statusCode}`));
    }).on('error', reject);
  });
}

/** How many sites fetched the layer themselves, by their logs: who waits for another's download tells of no progress. */
async function downloads() {
  const folder = join(dataDir, 'app-service/LogFiles');
  const logs = await Promise.all(
    (await readdir(folder, { recursive: true }))
      .filter((name) => name.endsWith('_docker.log'))
      .map((name) => readFile(join(folder, name), 'utf8')),
  );
  return logs.filter((log) => log.includes('Downloading')).length;
}

function dockerRun(image) {
  const began = performance.now();
  const id = execFileSync('docker', ['run', '--detach', '--publish', '127.0.0.1::80', image], {
    encoding: 'utf8',
  }).trim();
  const [address] = execFileSync('docker', ['port', id, '80/tcp'], { encoding: 'utf8' }).split('\n');
  return { began, id, port: Number(address.split(':').at(-1)) };
}

async function answerOf({ began, port }) {
  for (;;) {
    const answered = await fetch(`http://127.0.0.1:${port}/`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answered) return since(began);
    await pause(5);
  }
}

const hasDocker = () => {
  try {
    execFileSync('docker', ['info'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

try {
  await azure.resource('PUT', group, '2021-04-01', { location });
  const sku = { name: 'Premium' };
  const properties = { adminUserEnabled: true };
  await azure.resource('PUT', registry, '2025-04-01', { location, sku, properties });
  const admin = await azure.resource('POST', `${registry}/listCredentials`, '2025-04-01');
  await pushImage(admin);
  await azure.resource('PUT', plan, web, { location, sku: { name: 'S1' }, properties: { reserved: true } });
  const settings = {
    DOCKER_REGISTRY_SERVER_URL: 'https://bench.azurecr.io',
    DOCKER_REGISTRY_SERVER_USERNAME: admin.username,
    DOCKER_REGISTRY_SERVER_PASSWORD: admin.passwords[0].value,
  };
  const siteConfig = {
    linuxFxVersion: 'DOCKER|bench.azurecr.io/app:1',
    appSettings: Object.entries(settings).map(([name, value]) => ({ name, value })),
  };
  const body = { location, properties: { serverFarmId: plan, siteConfig } };

  const empty = await memoryOf(azure.pid);
  const began = performance.now();
  const names = [];
  for (let n = 0; n < count; n++) {
    await azure.resource('PUT', site(n), web, body);
    names.push(`bench-${n}`);
    for (const slot of slots) {
      await azure.resource('PUT', `${site(n)}/slots/${slot}`, web, body);
      names.push(`bench-${n}-${slot}`);
    }
  }
  await Promise.all(names.map(visit));
  const started = since(began);
  console.log(
    `${names.length} sites, made one after the other, answer after ${(started / 1000).toFixed(1)} s`,
  );
  console.log(`the image's layer was fetched by ${await downloads()} of them`);

  await pause(10_000); // Until nobody is busy with the start any more.
  const full = await memoryOf(azure.pid);
  console.log(
    `memory: the local Azure ${empty.own.toFixed(0)} MiB, then ${full.own.toFixed(0)} MiB; ` +
      `each container ${((full.all - full.own) / names.length).toFixed(0)} MiB; together ${full.all.toFixed(0)} MiB`,
  );

  const before = await cpuOf(azure.pid);
  await pause(idleSeconds * 1000);
  const after = await cpuOf(azure.pid);
  const minute = (part) => `${(((after[part] - before[part]) * 60) / idleSeconds).toFixed(0)} ms`;
  console.log(
    `processor time of an idle minute: the local Azure ${minute('own')}, what holds the containers ` +
      `${minute('inits')}, their programs ${minute('programs')}\n`,
  );

  const restart = { name: 'restart, to the first answer of the new container', values: [] };
  const start = { name: 'start of a stopped site, to its first answer', values: [] };
  const docker = { name: 'docker run, to its first answer', values: [] };
  const [loopback] = JSON.parse(
    execFileSync(process.execPath, [program, 'status', '--json', '--data-dir', dataDir]),
  ).registries;
  let image;
  if (hasDocker()) {
    image = `127.0.0.1:${loopback.port}/app:1`;
    execFileSync(
      'docker',
      ['login', `127.0.0.1:${loopback.port}`, '-u', admin.username, '--password-stdin'],
      {
        input: admin.passwords[0].value,
        stdio: ['pipe', 'ignore', 'ignore'],
      },
    );
    execFileSync('docker', ['pull', image], { stdio: 'ignore' });
  }
  for (let run = 0; run < runs; run++) {
    const restarting = performance.now();
    await azure.resource('POST', `${site(run % count)}/restart`, `${web}&synchronous=true`);
    restart.values.push(since(restarting));
    await azure.resource('POST', `${site(run % count)}/stop`, web);
    await pause(500);
    const starting = performance.now();
    await azure.resource('POST', `${site(run % count)}/start`, web);
    await visit(`bench-${run % count}`);
    start.values.push(since(starting));
    if (image) {
      const container = dockerRun(image);
      docker.values.push(await answerOf(container));
      execFileSync('docker', ['rm', '--force', container.id], { stdio: 'ignore' });
    }
  }
  report(`With ${names.length} sites running`, 'ms', image ? [restart, start, docker] : [restart, start]);
  if (median(restart.values) > 2000) console.log('The goal, two seconds, is missed.');
} finally {
  await azure.stop();
  await rm(dataDir, { recursive: true, force: true });
}
