import { execFile } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ask, signIn } from '../test/ask.ts';
import { findInstance, readInstance } from './instance.ts';
import { type LocalAzure, type LocalAzureOptions, startLocalAzure } from './local-azure.ts';
import { dataDir } from './store/data-dir.ts';
import { UserError } from './user-error.ts';

const run = promisify(execFile);
let folder: string;
let started: LocalAzure[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-azure-'));
  started = [];
});
afterEach(async () => {
  for (const azure of started) await azure.close();
  await rm(folder, { recursive: true, force: true });
});

const start = async (options: Partial<LocalAzureOptions> = {}) => {
  const azure = await startLocalAzure({ dataDir: folder, engine: 'none', ...options });
  started.push(azure);
  return azure;
};

const subscriptions = 'https://management.azure.com/subscriptions?api-version=2022-12-01';

test('the first principal owns the subscription at once, also after a restart', async () => {
  const first = await start();
  const token = await signIn(first);
  const answer = await ask(first, subscriptions, { token });
  expect(JSON.parse(answer.body).value).toEqual([
    expect.objectContaining({ subscriptionId: first.credentials.subscriptionId }),
  ]);
  await first.close();

  const second = await start();
  expect(second.credentials).toEqual(first.credentials);
  expect((await ask(second, subscriptions, { token })).status).toBe(200);
});

test('without a token nothing is given', async () => {
  expect((await ask(await start(), subscriptions)).status).toBe(401);
});

test('a registry and a site that nobody made have no address', async () => {
  const azure = await start();
  for (const host of ['hoge.azurecr.io', 'hoge-app.azurewebsites.net', 'hoge-app.scm.azurewebsites.net'])
    await expect(ask(azure, `https://${host}/`)).rejects.toMatchObject({ code: 'ENOTFOUND' });
});

test('a registry has a port on loopback, the same after a restart, for as long as it exists', async () => {
  const first = await start();
  const token = await signIn(first);
  const location = 'japaneast';
  const group = `https://management.azure.com/subscriptions/${first.credentials.subscriptionId}/resourceGroups/g`;
  const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/ported?api-version=2023-07-01`;
  const create = { method: 'PUT', token, body: { location, sku: { name: 'Basic' } } };
  await ask(first, `${group}?api-version=2021-04-01`, { method: 'PUT', token, body: { location } });
  expect((await ask(first, registry, create)).status).toBe(201);
  const ports = first.registryPorts();
  expect(ports).toEqual([{ loginServer: 'ported.azurecr.io', port: expect.any(Number) }]);
  await first.close();

  const second = await start();
  expect(second.registryPorts()).toEqual(ports);
  const overview = await fetch(`http://127.0.0.1:${second.port}`, {
    headers: { accept: 'application/json' },
  });
  expect(await overview.json()).toMatchObject({ registries: ports });
  const answer = await fetch(`http://127.0.0.1:${ports[0]!.port}/v2/`);
  expect(answer.headers.get('www-authenticate')).toBe(
    `Bearer realm="http://127.0.0.1:${ports[0]!.port}/oauth2/token",service="ported.azurecr.io"`,
  );
  expect((await ask(second, registry, { method: 'DELETE', token })).status).toBe(200);
  expect(second.registryPorts()).toEqual([]);
});

test('a first start that was killed before it told its secrets is made up for', async () => {
  const first = await start();
  await first.close();
  await rm(dataDir(folder).credentials);
  const { credentials } = await start();
  expect(credentials.userPrincipalName).toBe(first.credentials.userPrincipalName);
  expect(credentials.clientId).not.toBe(first.credentials.clientId);
});

test('secrets are readable by their owner alone', async () => {
  await start();
  const dir = dataDir(folder);
  expect(statSync(dir.path).mode & 0o777).toBe(0o700);
  for (const file of [dir.credentials, dir.caKey, dir.database, dir.instance])
    expect(statSync(file).mode & 0o777).toBe(0o600);
});

describe('it does not start', () => {
  test('on a folder that another instance has locked', async () => {
    await start();
    await expect(start()).rejects.toThrow(`(process ${process.pid}) is running on the folder ${folder}`);
  });

  test('on a port that is taken, and then leaves the folder free', async () => {
    const { port } = await start();
    const other = join(folder, 'other');
    await expect(start({ dataDir: other, port })).rejects.toThrow(`Port ${port} on 127.0.0.1 is taken`);
    expect(findInstance(dataDir(other))).toBeUndefined();
    await start({ dataDir: other });
  });

  test('in a folder that holds something else', async () => {
    writeFileSync(join(folder, 'thesis.txt'), '');
    await expect(start()).rejects.toThrow(UserError);
    expect(statSync(join(folder, 'thesis.txt')).size).toBe(0);
  });
});

test('a running instance is found by its folder; a file that a killed one left is not believed', async () => {
  const azure = await start();
  const dir = dataDir(folder);
  expect(findInstance(dir)).toMatchObject({ pid: process.pid, port: azure.port, engine: expect.any(String) });
  const left = readFileSync(dir.instance);
  await azure.close();
  expect(readInstance(dir)).toBeUndefined();
  writeFileSync(dir.instance, left);
  expect(findInstance(dir)).toBeUndefined();
});

describe('an unmodified client under its settings', () => {
  const url = 'https://login.microsoftonline.com/common/discovery/instance';
  const works = (command: string, args: string[]) =>
    run(command, args).then(
      () => true,
      () => process.env.CI !== undefined,
    );
  const clients: [string, string[], string[]][] = [
    ['curl', ['--version'], ['-sSf', url]],
    ['python3', ['-c', 'import requests'], ['-c', `import requests; print(requests.get('${url}').text)`]],
  ];
  test.for(clients)('%s trusts it', async ([command, check, args], { skip }) => {
    if (!(await works(command, check))) skip(`${command} (with requests, if Python) is not installed`);
    const azure = await start();
    const env = { PATH: process.env.PATH, HOME: folder, ...azure.env() };
    const { stdout } = await run(command, args, { env });
    expect(JSON.parse(stdout)).toHaveProperty('tenant_discovery_endpoint');
  });

  test('openssl finds its certificates right in every point', async ({ skip }) => {
    if (!(await works('openssl', ['version']))) skip('openssl is not installed');
    const azure = await start();
    await ask(azure, url);
    const proxy = ['-proxy', `127.0.0.1:${azure.port}`, '-connect', 'login.microsoftonline.com:443'];
    const trust = ['-CAfile', dataDir(folder).caCertificate, '-verify_return_error', '-x509_strict'];
    const name = [
      '-servername',
      'login.microsoftonline.com',
      '-verify_hostname',
      'login.microsoftonline.com',
    ];
    const client = run('openssl', ['s_client', ...proxy, ...trust, ...name]);
    client.child.stdin!.end();
    expect((await client).stdout).toContain('Verify return code: 0 (ok)');
  });
});
