import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startLocalAzure } from '../src/local-azure.ts';
import { ask, signIn } from './ask.ts';
import { createManualClock } from './manual-clock.ts';
import { imageManifest, ociManifest } from './registry-server.ts';
import { sha256 } from './sha256.ts';

export const site = 'hoge-app';
const acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d';
const web = '2023-12-01';

export type PullPath = Awaited<ReturnType<typeof startPullPath>>;

/**
 * A local Azure on a clock that a test moves, with a registry, an image and a site that pulls it with its identity:
 * every link of the pull path holds. No engine runs, so that a site ends at "pulled, not started".
 */
export async function startPullPath() {
  const dataDir = await mkdtemp(join(tmpdir(), 'pull-path-'));
  const clock = createManualClock();
  const azure = await startLocalAzure({ dataDir, clock, engine: 'none', propagationMs: 0 });
  const { faults, credentials } = azure;
  const group = `/subscriptions/${credentials.subscriptionId}/resourceGroups/blog`;
  const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/hoge`;
  const app = `${group}/providers/Microsoft.Web/sites/${site}`;
  let token = await signIn(azure);
  let shown = 0;

  const call = (method: string, path: string, apiVersion: string, body?: object) =>
    ask(azure, `https://management.azure.com${path}?api-version=${apiVersion}`, {
      method,
      token,
      ...(body && { body }),
    });

  /** The same, for what must succeed. */
  async function arm(method: string, path: string, apiVersion: string, body?: object) {
    const answer = await call(method, path, apiVersion, body);
    if (answer.status >= 400) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.body}`);
    return answer.body === '' ? undefined : JSON.parse(answer.body);
  }

  /** Lets time pass until `what` is so. */
  async function until(what: () => boolean | Promise<boolean>): Promise<void> {
    for (const deadline = Date.now() + 20_000; !(await what()); ) {
      if (Date.now() > deadline) throw new Error(`It did not come about: ${what}`);
      await clock.advance(50);
      await pause(2);
    }
  }

  async function log(): Promise<string> {
    const folder = join(dataDir, 'app-service', 'LogFiles', site);
    const names = await readdir(folder).catch(() => []);
    const files = names.filter((name) => name.endsWith('_docker.log') && !name.includes('default'));
    return (await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))).join('');
  }

  /** What the platform's log says from here on until a start has come to its end. */
  async function nextStart(): Promise<string> {
    const hasEnded = /container not started|Stopping site/;
    await until(async () => hasEnded.test((await log()).slice(shown)));
    const said = (await log()).slice(shown);
    shown += said.length;
    return said;
  }

  async function push(
    method: string,
    path: string,
    body: Buffer | string,
    type = 'application/octet-stream',
  ) {
    const { username, passwords } = await arm('POST', `${registry}/listCredentials`, '2025-04-01');
    const sent = request(`https://hoge.azurecr.io${path}`, {
      agent: azure.agent,
      method,
      auth: `${username}:${passwords[0].value}`,
      headers: { 'content-type': type, 'content-length': Buffer.byteLength(body) },
    });
    await new Promise<void>((resolve, reject) => {
      sent.on('error', reject).on('response', (response) => {
        response.resume();
        if (response.statusCode === 201) resolve();
        else reject(new Error(`${method} ${path} answered ${response.statusCode}`));
      });
      sent.end(body);
    });
  }

  const at = {
    azure,
    faults,
    clock,
    registry,
    app,
    arm,
    call,
    until,
    nextStart,
    /** Signs in anew: tokens of the owner last for an hour. */
    async signIn() {
      token = await signIn(azure);
    },
    /** Pushes an image whose layer nobody has; the digest of the layer. */
    async pushImage(tag: string, layer: Buffer = randomBytes(1000)): Promise<string> {
      const rootfs = { type: 'layers', diff_ids: [sha256(layer)] };
      const config = JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs });
      for (const blob of [config, layer])
        await push('POST', `/v2/app/blobs/uploads/?digest=${sha256(blob)}`, blob);
      const manifest = JSON.parse(imageManifest(sha256(config), [sha256(layer)]));
      manifest.config.size = config.length;
      manifest.layers[0].size = layer.length;
      await push('PUT', `/v2/app/manifests/${tag}`, JSON.stringify(manifest), ociManifest);
      return sha256(layer);
    },
    /** Sets the image, and by that restarts the site. */
    setImage: (tag: string) =>
      arm('PATCH', `${app}/config/web`, web, {
        properties: { linuxFxVersion: `DOCKER|hoge.azurecr.io/app:${tag}` },
      }),
    /** Restarts the site; what its log then says. */
    async restart(): Promise<string> {
      await arm('POST', `${app}/restart`, web);
      return nextStart();
    },
    /** Gives the site's identity the right to pull; the id of the role assignment. */
    async grant(more: object = { principalType: 'ServicePrincipal' }): Promise<string> {
      const { identity } = await arm('GET', app, web);
      const scope = `${registry}/providers/Microsoft.Authorization`;
      const roleDefinitionId = `${scope}/roleDefinitions/${acrPull}`;
      const id = `${scope}/roleAssignments/${crypto.randomUUID()}`;
      await arm('PUT', id, '2022-04-01', {
        properties: { roleDefinitionId, principalId: identity.principalId, ...more },
      });
      return id;
    },
    revoke: (id: string) => arm('DELETE', id, '2022-04-01'),
    async close() {
      await azure.close();
      await rm(dataDir, { recursive: true });
    },
  };

  const location = 'japaneast';
  await arm('PUT', group, '2021-04-01', { location });
  const properties = { adminUserEnabled: true };
  await arm('PUT', registry, '2025-04-01', { location, sku: { name: 'Premium' }, properties });
  await at.pushImage('1');
  const plan = `${group}/providers/Microsoft.Web/serverfarms/plan`;
  await arm('PUT', plan, web, { location, sku: { name: 'S1' }, properties: { reserved: true } });
  await arm('PUT', app, web, {
    location,
    identity: { type: 'SystemAssigned' },
    properties: {
      serverFarmId: plan,
      siteConfig: { linuxFxVersion: 'DOCKER|hoge.azurecr.io/app:1', acrUseManagedIdentityCreds: true },
    },
  });
  await nextStart();
  return at;
}
