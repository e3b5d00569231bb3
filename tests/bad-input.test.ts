import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createManualClock } from '../packages/local-azure/test/manual-clock.ts';
import { acrpullBin, type LocalAzureProcess, startLocalAzure } from './local-azure.ts';
import { armCall } from './resource-manager.ts';

// What goes wrong around the pull path: each has a clear message that names the resource and the next step, the right
// exit code, and loses nothing that was acknowledged.

let azure: LocalAzureProcess;
let group: string;
const webVersion = '2023-12-01';
const call = (method: string, path: string, apiVersion: string, body?: unknown) =>
  armCall(azure, method, path, apiVersion, body);

beforeAll(async () => {
  azure = await startLocalAzure();
  group = `/subscriptions/${azure.subscriptionId}/resourceGroups/blog`;
  await azure.setUpStory();
});
afterAll(() => azure?.stop());

describe('could not run: exit code 2, what happened, which resource, what to type next', () => {
  const nobody = { AZURE_CLIENT_ID: '', AZURE_CLIENT_SECRET: '', AZURE_TENANT_ID: '' };
  test.each<[name: string, args: string[], env: NodeJS.ProcessEnv, says: string[]]>([
    ['an unknown app', ['no-such-app'], {}, ['No app "no-such-app"', 'az webapp list']],
    ['an unknown app of a group', ['no-such-app', '-g', 'blog'], {}, ['no-such-app', 'az webapp list']],
    ['a name that no app can have', ['x y'], {}, ['"x y" is not the name of an app']],
    [
      'a wrong subscription',
      ['hoge-app', '--subscription', '00000000-0000-0000-0000-000000000000'],
      {},
      ["'00000000-0000-0000-0000-000000000000' could not be found", 'az account list'],
    ],
    ['a wrong secret', ['hoge-app'], { AZURE_CLIENT_SECRET: 'wrong' }, ['AADSTS7000215', 'az login']],
    ['nobody signed in', ['hoge-app'], nobody, ['Nobody is signed in', 'az login']],
  ])('%s', async (_, args, env, says) => {
    const { code, stdout, stderr } = await azure.run(process.execPath, [acrpullBin, 'doctor', ...args], {
      env,
    });
    expect(stdout).toBe('');
    for (const text of says) expect(stderr).toContain(text);
    expect(stderr).not.toContain('    at '); // no stack trace
    expect(code).toBe(2);
  });

  test('fix without a terminal and without --yes changes nothing', async () => {
    const { code, stdout, stderr } = await azure.acrpull('fix', 'hoge-app');
    expect(stdout).toContain('Plan: 4 to add, 2 to change');
    expect(stderr).toContain('--yes');
    expect(code).toBe(2);
    expect((await azure.acrpullJson('doctor', 'hoge-app')).result.sites[0].firstBroken).toBe('identity');
  });

  test('no local Azure runs', async () => {
    const { LOCAL_AZURE: _, ...env } = azure.env;
    const folder = await mkdtemp(join(tmpdir(), 'empty-'));
    const ran = spawnSync(process.execPath, [acrpullBin, 'doctor', 'hoge-app'], {
      env: { ...env, LOCAL_AZURE_DATA_DIR: folder },
      encoding: 'utf8',
    });
    await rm(folder, { recursive: true });
    expect(ran.stderr).toContain('local-azure start');
    expect(ran.stderr).toContain('--azure');
    expect(ran.status).toBe(2);
  });
});

test('verify says at once that a stopped site cannot pull', async () => {
  const site = `${group}/providers/Microsoft.Web/sites/hoge-app/slots/staging`;
  await call('POST', `${site}/stop`, webVersion);
  const { code, result } = await azure.acrpullJson('verify', 'hoge-app', '--slot', 'staging');
  expect(result.sites[0]).toMatchObject({
    outcome: { kind: 'nothing-happened', reason: 'the site is stopped' },
    next: 'az webapp start -g blog -n hoge-app --slot staging',
  });
  expect(code).toBe(1);
});

describe('found and proven: the link is named and verify ends with the outcome that belongs to it', () => {
  const setImage = (image: string) =>
    call('PATCH', `${group}/providers/Microsoft.Web/sites/hoge-app/config/web`, webVersion, {
      properties: { linuxFxVersion: image },
    });
  const judge = async () => {
    const doctor = await azure.acrpullJson('doctor', 'hoge-app');
    const verify = await azure.acrpullJson('verify', 'hoge-app', '--slot', 'production', '--timeout', '30');
    expect([doctor.code, verify.code]).toEqual([1, 1]);
    const [production] = doctor.result.sites;
    return {
      firstBroken: production.firstBroken,
      finding: production.findings[0],
      outcome: verify.result.sites[0].outcome,
    };
  };

  test('an image reference that does not parse', async () => {
    await setImage('DOCKER|hoge.azurecr.io/Hello:0.1.0');
    expect(await judge()).toMatchObject({
      firstBroken: 'image',
      finding: { id: 'A13' },
      outcome: { kind: 'refused', cause: 'invalid-reference' },
    });
  });

  test('a registry that does not exist', async () => {
    await setImage('DOCKER|nosuchregistry.azurecr.io/hello:0.1.0');
    expect(await judge()).toMatchObject({
      firstBroken: 'registry',
      finding: { id: 'A15', evidence: [{ value: expect.stringContaining('nosuchregistry.azurecr.io') }] },
      outcome: { kind: 'refused', cause: 'no-such-host' },
    });
  });

  test('a layer that is truncated on the registry’s disk is never run', async () => {
    await setImage('DOCKER|hoge.azurecr.io/hello:0.1.0');
    const layer = await largestFile(join(azure.dataDir, 'blobs'));
    await truncate(layer.path, layer.size - 1000);
    expect((await azure.acrpull('fix', 'hoge-app', '--yes')).code).toBe(0);
    const { code, result } = await azure.acrpullJson(
      'verify',
      'hoge-app',
      '--slot',
      'production',
      '--timeout',
      '30',
    );
    expect(result.sites[0].outcome).toMatchObject({ kind: 'refused' });
    expect(result.sites[0].outcome.text).toMatch(/hoge\.azurecr\.io|sha256:/);
    expect(code).toBe(1);
  });

  test('a registry that is gone', async () => {
    await call('DELETE', `${group}/providers/Microsoft.ContainerRegistry/registries/hoge`, '2025-04-01');
    expect(await judge()).toMatchObject({
      firstBroken: 'registry',
      finding: { id: 'A15' },
      outcome: { kind: 'refused', cause: 'no-such-host' },
    });
  });
});

async function largestFile(folder: string): Promise<{ path: string; size: number }> {
  const names = await readdir(folder, { recursive: true });
  const files = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), size: (await stat(join(folder, name))).size })),
  );
  return files.sort((a, b) => b.size - a.size)[0]!;
}

test('an expired token is refused as such, and the next step is to sign in again', async () => {
  // The clock of the server stands still at a time when the token was good; then it is moved.
  const { startLocalAzure } = await import('../packages/local-azure/src/local-azure.ts');
  const dataDir = await mkdtemp(join(tmpdir(), 'expired-'));
  const day = 24 * 3_600_000;
  const clock = createManualClock(Date.now() - day);
  const server = await startLocalAzure({ dataDir, clock, engine: 'none' });
  try {
    const script = (name: string) =>
      JSON.stringify(new URL(`../packages/acrpull/dist/azure/${name}.js`, import.meta.url).href);
    const run = (source: string, ...args: string[]) =>
      azure.run(process.execPath, ['--input-type=module', '-e', source, ...args], { env: server.env() });
    const signIn = await run(`
      const { DefaultAzureCredential } = await import(${JSON.stringify(new URL('../node_modules/@azure/identity/dist/esm/index.js', import.meta.url).href)});
      const { token } = await new DefaultAzureCredential().getToken('https://management.azure.com/.default');
      console.log(token);`);
    expect(signIn.stderr).toBe('');
    await clock.advance(day);
    const list = await run(
      `
      const { createHttp } = await import(${script('http')});
      const { createResourceManager } = await import(${script('resource-manager')});
      const credential = { getToken: async () => ({ token: process.argv[1], expiresOnTimestamp: Date.now() + 1e6 }) };
      const arm = createResourceManager(createHttp({ credential, scope: 'https://management.azure.com/.default' }));
      await arm.list('/subscriptions', '2022-12-01').catch(({ code, status, next }) =>
        console.log(JSON.stringify({ code, status, next })));`,
      signIn.stdout.trim(),
    );
    expect(JSON.parse(list.stdout)).toMatchObject({
      status: 401,
      code: 'ExpiredAuthenticationToken',
      next: expect.stringContaining('az login'),
    });
  } finally {
    await server.close();
    await rm(dataDir, { recursive: true });
  }
});
