import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assembleImage } from '../packages/local-azure/test/container-image.ts';
import { type AdminRegistry, createAdminRegistry } from './admin-registry.ts';
import { type LocalAzureProcess, startLocalAzure } from './local-azure.ts';
import { pushImage } from './push-image.ts';
import { armCall } from './resource-manager.ts';

// Ways to pull other than a managed identity: the admin user, nobody at all, and through a virtual network. Nothing is
// run: what counts is what the log says of the pull.

let azure: LocalAzureProcess;
let registry: AdminRegistry;
let folder: string;
const group = () => `/subscriptions/${azure.subscriptionId}/resourceGroups/blog`;
const web = (path: string) => `${group()}/providers/Microsoft.Web/${path}`;
const location = 'japaneast';

beforeAll(async () => {
  azure = await startLocalAzure({ args: ['--engine', 'none'] });
  registry = await createAdminRegistry(azure);
  folder = await mkdtemp(join(tmpdir(), 'pull-modes-'));
  const image = await assembleImage(folder, [[{ name: 'a.txt', content: 'a' }]], { Cmd: ['/a'] });
  // One that sites have pulled before, and one that stays in the registry.
  for (const tag of ['1', '2']) await pushImage(registry, `app:${tag}`, image);
  const sku = { name: 'S1' };
  await armCall(azure, 'PUT', web('serverfarms/plan'), '2023-12-01', {
    location,
    sku,
    properties: { reserved: true },
  });
});
afterAll(async () => {
  await azure?.stop();
  await rm(folder, { recursive: true });
});

const setRegistry = (properties: object) =>
  armCall(azure, 'PATCH', `${group()}/providers/Microsoft.ContainerRegistry/registries/hoge`, '2025-04-01', {
    properties,
  });
const adminSettings = () => ({
  DOCKER_REGISTRY_SERVER_URL: `https://${registry.host}`,
  DOCKER_REGISTRY_SERVER_USERNAME: registry.username,
  DOCKER_REGISTRY_SERVER_PASSWORD: registry.password,
});

/** Makes a site and returns what its log says of its first pull. */
async function pull(
  name: string,
  settings: Record<string, string> = {},
  properties = {},
  tag = '1',
): Promise<string[]> {
  const siteConfig = {
    linuxFxVersion: `DOCKER|${registry.host}/app:${tag}`,
    appSettings: Object.entries(settings).map(([name, value]) => ({ name, value })),
  };
  await armCall(azure, 'PUT', web(`sites/${name}`), '2024-11-01', {
    location,
    properties: { serverFarmId: web('serverfarms/plan'), siteConfig, ...properties },
  });
  let lines: string[] = [];
  await expect
    .poll(
      async () => {
        lines = await platformLog(name);
        return lines.some((line) => /Pull Image successful|Defaulting to local copy/.test(line));
      },
      { timeout: 20_000 },
    )
    .toBe(true);
  return lines;
}

async function platformLog(site: string): Promise<string[]> {
  const logs = join(azure.dataDir, 'app-service/LogFiles', site);
  const names = await readdir(logs).catch(() => []);
  const texts = await Promise.all(names.map((name) => readFile(join(logs, name), 'utf8')));
  return texts.flatMap((text) => text.trimEnd().split('\n')).map((line) => line.slice(25));
}

const succeeded = expect.stringContaining('Pull Image successful');

test('the admin user', async () => {
  expect(await pull('admin', adminSettings())).toEqual(
    expect.arrayContaining([
      'INFO  - Pulling image with the user name and password of the app settings',
      succeeded,
    ]),
  );
});

test('a password that was regenerated, and an admin user who was turned off', async () => {
  await setRegistry({ adminUserEnabled: false });
  expect(await pull('stale', adminSettings())).toContainEqual(expect.stringContaining('unauthorized'));
  await setRegistry({ adminUserEnabled: true });
});

test('nobody, from a registry that lets everybody pull', async () => {
  expect(await pull('nobody')).toContainEqual(
    expect.stringContaining('unauthorized: authentication required'),
  );
  await setRegistry({ anonymousPullEnabled: true });
  expect(await pull('anybody')).toContainEqual(succeeded);
  await setRegistry({ anonymousPullEnabled: false });
});

const network = () => `${group()}/providers/Microsoft.Network/virtualNetworks/net/subnets/apps`;

test.each([
  ['the property', {}, { outboundVnetRouting: { imagePullTraffic: true } }],
  ['the older property', {}, { vnetImagePullEnabled: true }],
  ['the app setting', { WEBSITE_PULL_IMAGE_OVER_VNET: 'true' }, {}],
])('through a virtual network, by %s: an open registry', async (how, settings, properties) => {
  const lines = await pull(
    `open-${how.split(' ').at(-1)}${how.length}`,
    { ...adminSettings(), ...settings },
    { virtualNetworkSubnetId: network(), ...properties },
  );
  expect(lines).toEqual(
    expect.arrayContaining(['INFO  - Attempting to pull image hoge.azurecr.io/app:1 from VNET.', succeeded]),
  );
});

test('through a virtual network: a closed registry has no private endpoint, and the reason is not told', async () => {
  await setRegistry({ publicNetworkAccess: 'Disabled' });
  const vnetImagePullEnabled = true;
  const inside = { virtualNetworkSubnetId: network(), vnetImagePullEnabled };
  const lines = await pull('closed', adminSettings(), inside, '2');
  const from = lines.findIndex((line) => line.includes('from VNET'));
  expect(lines.slice(from, from + 5)).toEqual([
    'INFO  - Attempting to pull image hoge.azurecr.io/app:2 from VNET.',
    'ERROR - Image pull for hoge.azurecr.io/app:2 failed. UnexpectedFaliure',
    'ERROR - Pulling docker image hoge.azurecr.io/app:2 over VNET failed.',
    'WARN  - Image pull failed. Defaulting to local copy if present.',
    'ERROR - Image pull failed: Verify docker image configuration and credentials (if using private repository)',
  ]);
  // Without a subnet the same flag changes nothing: the registry sees a public address.
  expect(await pull('outside', adminSettings(), { vnetImagePullEnabled })).toContainEqual(
    expect.stringMatching(
      /denied: client with IP '(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+' is not allowed/,
    ),
  );
  await setRegistry({ publicNetworkAccess: 'Enabled' });
});
