// A worker's pull of a site's image with one large layer, beside skopeo's of the same image from the same registry.
// Usage: node bench/pull.mjs [runs] [MiB]
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program, startLocalAzure } from './local-azure.mjs';
import { pushImage, registryUser } from './push-image.mjs';
import { installed, report } from './report.mjs';

const runs = Number(process.argv[2] ?? 9);
const layerBytes = Number(process.argv[3] ?? 64) << 20;
const location = 'japaneast';
const dataDir = await mkdtemp(join(tmpdir(), 'bench-pull-'));
// Without an engine: the pull alone is measured, not unpacking and starting.
const azure = await startLocalAzure(dataDir, '--engine', 'none', '--propagation', '0');
const group = `${azure.subscription}/resourceGroups/bench`;
const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/bench`;
const site = `${group}/providers/Microsoft.Web/sites/bench-app`;
const web = '2023-12-01';

async function makeSite() {
  const plan = `${group}/providers/Microsoft.Web/serverfarms/bench`;
  await azure.resource('PUT', plan, web, { location, sku: { name: 'S1' }, properties: { reserved: true } });
  const siteConfig = { linuxFxVersion: 'DOCKER|bench.azurecr.io/app:1', acrUseManagedIdentityCreds: true };
  const { identity } = await azure.resource('PUT', site, web, {
    location,
    identity: { type: 'SystemAssigned' },
    properties: { serverFarmId: plan, siteConfig },
  });
  const acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d';
  const roleDefinitionId = `${azure.subscription}/providers/Microsoft.Authorization/roleDefinitions/${acrPull}`;
  const grant = `${registry}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
  const properties = {
    roleDefinitionId,
    principalId: identity.principalId,
    principalType: 'ServicePrincipal',
  };
  await azure.resource('PUT', grant, '2022-04-01', { properties });
}

/** From the log's `Pulling image` to its `Pull Image successful`: token, exchange, manifest and layers. */
async function workerPullMs() {
  await azure.resource('POST', `${site}/stop`, web);
  for (const part of ['blobs/sha256', 'references']) {
    const folder = join(dataDir, 'app-service/worker', part);
    for (const name of await readdir(folder)) await rm(join(folder, name));
  }
  const before = (await platformLog()).length;
  await azure.resource('POST', `${site}/start`, web);
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; ) {
    const lines = (await platformLog()).slice(before);
    const at = (text) => Date.parse(lines.find((line) => line.includes(text))?.split(' ')[0] ?? '');
    if (lines.some((line) => line.includes('Image pull failed'))) throw new Error(lines.join('\n'));
    const took = at('Pull Image successful') - at('Pulling image:');
    if (took >= 0) return took;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error('The pull has not ended after 60 seconds.');
}

async function platformLog() {
  const folder = join(dataDir, 'app-service/LogFiles/bench-app');
  const name = (await readdir(folder)).find((name) => name.endsWith('_docker.log'));
  return (await readFile(join(folder, name), 'utf8')).trimEnd().split('\n');
}

async function skopeoPullMs(user) {
  const folder = await mkdtemp(join(tmpdir(), 'bench-skopeo-'));
  const image = 'docker://bench.azurecr.io/app:1';
  // The settings, not `exec`, so that starting Node is not counted.
  const settings = JSON.parse(
    execFileSync(process.execPath, [program, 'env', '--json', '--data-dir', dataDir]),
  );
  const began = performance.now();
  execFileSync('skopeo', ['copy', '--quiet', '--src-creds', user, image, `dir:${folder}`], {
    env: { ...process.env, ...settings },
  });
  const took = performance.now() - began;
  await rm(folder, { recursive: true });
  return took;
}

try {
  await azure.resource('PUT', group, '2021-04-01', { location });
  await azure.resource('PUT', registry, '2025-04-01', { location, sku: { name: 'Premium' } });
  const user = await registryUser(azure, 'bench.azurecr.io');
  await pushImage(azure, 'bench.azurecr.io', user, layerBytes);
  await makeSite();
  const worker = { name: 'worker', values: [] };
  const skopeo = { name: 'skopeo copy to a folder', values: [] };
  await workerPullMs(); // The first reads the disk, and makes certificates.
  for (let run = 0; run < runs; run++) {
    worker.values.push(await workerPullMs());
    if (installed('skopeo')) skopeo.values.push(await skopeoPullMs(user));
  }
  report(`Pull of a ${layerBytes >> 20} MiB layer`, 'ms', installed('skopeo') ? [worker, skopeo] : [worker]);
} finally {
  await azure.stop();
  await rm(dataDir, { recursive: true, force: true });
}
