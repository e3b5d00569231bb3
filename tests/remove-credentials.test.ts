import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalAzureProcess, startLocalAzure } from './local-azure.ts';
import { armCall } from './resource-manager.ts';

// From a stored password to no password: it goes last, and only where the pull with the identity was seen.

let azure: LocalAzureProcess;
let app: string;
const webVersion = '2023-12-01';
const password = 'of-yesterday';
const credentials = {
  DOCKER_REGISTRY_SERVER_URL: 'https://hoge.azurecr.io',
  DOCKER_REGISTRY_SERVER_USERNAME: 'hoge',
  DOCKER_REGISTRY_SERVER_PASSWORD: password,
};

beforeAll(async () => {
  azure = await startLocalAzure();
  app = `/subscriptions/${azure.subscriptionId}/resourceGroups/blog/providers/Microsoft.Web/sites/hoge-app`;
  await azure.setUpStory();
  for (const site of [app, `${app}/slots/staging`]) {
    const properties = { ...credentials, KEEP: 'me' };
    await armCall(azure, 'PUT', `${site}/config/appsettings`, webVersion, { properties });
  }
});
afterAll(() => azure?.stop());

const settingsOf = async (site: string): Promise<Record<string, string>> =>
  (await armCall(azure, 'POST', `${site}/config/appsettings/list`, webVersion)).properties;
const fix = (...args: string[]) =>
  azure.acrpull('fix', 'hoge-app', '--remove-credentials', '--yes', '--timeout', '30', ...args);

test('proven, they are taken away, and nothing else; no value is printed or kept, and undo says so', async () => {
  const { code, stdout, stderr } = await fix('--slot', 'staging');
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).toContain('- DOCKER_REGISTRY_SERVER_PASSWORD');
  expect(await settingsOf(`${app}/slots/staging`)).toEqual({ KEEP: 'me' });

  const run = /acrpull undo (\S+)/.exec(stdout)![1]!;
  const journal = await readFile(join(azure.dataDir, 'state/acrpull/runs', `${run}.jsonl`), 'utf8');
  for (const text of [stdout, stderr, journal]) expect(text).not.toContain(password);
  const undo = await azure.acrpull('undo', run, '--dry-run');
  expect(undo.code).toBe(1);
  expect(undo.stdout).toContain('Cannot be brought back: DOCKER_REGISTRY_SERVER_URL');
});

test('not proven, they stay', async () => {
  const properties = { linuxFxVersion: 'DOCKER|hoge.azurecr.io/hello:9.9.9' };
  await armCall(azure, 'PATCH', `${app}/config/web`, webVersion, { properties });
  const { code, stdout } = await fix('--slot', 'production');
  expect(code).toBe(1);
  expect(stdout).toContain('The stored credentials stay at hoge-app');
  expect(await settingsOf(app)).toEqual({ ...credentials, KEEP: 'me' });
});
