import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { graphCall } from './graph.ts';
import { acrpullBin, type LocalAzureProcess, startLocalAzure } from './local-azure.ts';
import { armCall, containerLog } from './resource-manager.ts';

// verify and what may go wrong on its way, over the real wire: logs that lose lines, an Azure that is busy, production
// that must not be touched, and a user who has seen enough.

let azure: LocalAzureProcess;
const app = () =>
  `/subscriptions/${azure.subscriptionId}/resourceGroups/blog/providers/Microsoft.Web/sites/hoge-app`;
const webVersion = '2023-12-01';

beforeAll(async () => {
  azure = await startLocalAzure();
  await azure.setUpMendedStory();
});
afterAll(() => azure?.stop());

const verify = (...args: string[]) => azure.acrpullJson('verify', 'hoge-app', '--timeout', '30', ...args);
const verifyStaging = async (...args: string[]) => {
  const { code, result } = await verify('--slot', 'staging', ...args);
  return { code, ...result.sites[0] };
};
const configure = (path: string, properties: object) =>
  armCall(azure, 'PATCH', `${app()}${path}/config/web`, webVersion, { properties });

/** How many pulls the log of a site tells of. */
async function pulls(path: string): Promise<number> {
  const log = await containerLog(azure, `${app()}${path}`);
  return log.split('Pulling image:').length - 1;
}

describe('the log', () => {
  afterEach(() => azure.setFaults());

  test.each([
    'lost-log-lines',
    'lost-log-lines,probability=50%,seed=3',
    'late-log-lines,delay=30s',
    'log-stream-drop,after=0s',
    'log-stream-drop,after=100ms',
    'resource-manager-throttling,count=2,retry-after=1s',
    'resource-manager-cut,count=1',
  ])('%s: it is proven all the same', async (fault) => {
    await azure.setFaults(fault);
    expect(await verifyStaging()).toMatchObject({
      code: 0,
      proven: true,
      outcome: { kind: 'serving', digest: expect.stringMatching(/^sha256:/) },
      instances: { count: 1, proven: 1 },
    });
  });

  test('a registry that is busy is no registry that refuses', async () => {
    await azure.setFaults('registry-throttling,limit=0,registry=hoge');
    expect((await verifyStaging()).outcome).toMatchObject({ kind: 'refused', cause: 'throttled' });
  });

  test('the first error counts, though the stream has lost it', async () => {
    await configure('/slots/staging', { linuxFxVersion: 'DOCKER|hoge.azurecr.io/hello:9.9.9' });
    await azure.setFaults('lost-log-lines,count=2');
    expect(await verifyStaging()).toMatchObject({
      code: 1,
      outcome: { kind: 'refused', cause: 'manifest-unknown' },
      because: expect.stringMatching(/^E1/),
    });
    await configure('/slots/staging', { linuxFxVersion: 'DOCKER|hoge.azurecr.io/hello:0.1.0' });
  });
});

test.each([-3_600_000, 3_600_000])('a machine whose clock is %i ms off', async (skewMs) => {
  const preload = `
    const now = performance.now.bind(performance);
    performance.now = () => now() + ${skewMs};
    const dateNow = Date.now;
    globalThis.Date = class extends Date {
      constructor(...args) { super(...(args.length > 0 ? args : [dateNow() + ${skewMs}])); }
      static now() { return dateNow() + ${skewMs}; }
    };`;
  const args = ['--import', `data:text/javascript,${encodeURIComponent(preload)}`, acrpullBin];
  const command = ['verify', 'hoge-app', '--slot', 'staging', '--timeout', '30', '--json'];
  const { stdout, stderr } = await azure.run(process.execPath, [...args, ...command]);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout).sites).toMatchObject([{ proven: true }]);
});

test('the image that is expected, and another', async () => {
  const { outcome } = await verifyStaging();
  expect(await verifyStaging('--digest', outcome.digest)).toMatchObject({ code: 0, proven: true });
  const expected = `sha256:${'0'.repeat(64)}`;
  expect(await verifyStaging('--digest', expected)).toMatchObject({
    code: 1,
    proven: false,
    outcome: { kind: 'other-image', digest: outcome.digest, expected },
  });
});

test('a virtual network without a way to the registry: the log keeps the reason to itself', async () => {
  const group = `/subscriptions/${azure.subscriptionId}/resourceGroups/blog`;
  const change = (path: string, apiVersion: string, properties: object) =>
    armCall(azure, 'PATCH', path, apiVersion, { properties });
  const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/hoge`;
  const subnet = `${group}/providers/Microsoft.Network/virtualNetworks/net/subnets/apps`;
  const staging = `${app()}/slots/staging`;
  await change(registry, '2025-11-01', { publicNetworkAccess: 'Disabled' });
  await change(staging, webVersion, { virtualNetworkSubnetId: subnet, vnetImagePullEnabled: true });
  expect(await verifyStaging()).toMatchObject({
    code: 1,
    outcome: { kind: 'refused', cause: 'network', localCopyServes: true },
  });
  await change(registry, '2025-11-01', { publicNetworkAccess: 'Enabled' });
  await change(staging, webVersion, { virtualNetworkSubnetId: null, vnetImagePullEnabled: false });
});

test('a stop and a start', async () => {
  expect(await verifyStaging('--stop-start')).toMatchObject({ code: 0, proven: true });
});

describe('production, by a slot', () => {
  test('is restarted once the slot has proven it', async () => {
    const { code, result } = await verify('--via', 'staging');
    expect(result.sites).toMatchObject([
      { name: 'hoge-app/staging', proven: true },
      { name: 'hoge-app', proven: true },
    ]);
    expect(code).toBe(0);
  });

  test.each([
    ['the slot cannot pull', '/slots/staging', 'hoge-app/staging has not proven it'],
    ['its own links do not hold', '', 'its flag does not hold for sure'],
  ])('is left alone when %s', async (_, path, reason) => {
    await configure(path, { acrUseManagedIdentityCreds: false });
    const before = await pulls('');
    const { code, result } = await verify('--via', 'staging');
    expect(result.sites[1]).toMatchObject({
      name: 'hoge-app',
      outcome: { kind: 'left-alone', reason: expect.stringContaining(reason) },
    });
    expect([code, await pulls('')]).toEqual([1, before]);
    await configure(path, { acrUseManagedIdentityCreds: true });
  });

  test('is not even begun with a slot that runs another image', async () => {
    await configure('', { linuxFxVersion: 'DOCKER|hoge.azurecr.io/hello:latest' });
    const { code, stderr } = await azure.acrpull('verify', 'hoge-app', '--via', 'staging');
    expect(stderr).toContain('Nothing was restarted.');
    expect(stderr).toContain("--slot staging --linux-fx-version 'DOCKER|hoge.azurecr.io/hello:latest'");
    expect(code).toBe(2);
    await configure('', { linuxFxVersion: 'DOCKER|hoge.azurecr.io/hello:0.1.0' });
  });
});

describe('with --azure', () => {
  test('production is not restarted without a yes', async () => {
    const before = await pulls('');
    const { code, stdout, stderr } = await azure.acrpull('verify', 'hoge-app', '--azure');
    expect(stdout).toContain('~ hoge-app  restart  production');
    expect(stdout).toContain('acrpull verify hoge-app --via staging');
    expect(stderr).toContain('--yes');
    expect([code, await pulls('')]).toEqual([2, before]);
  });

  test('it is with --yes, and a slot is in any case', async () => {
    const production = await verify('--azure', '--yes', '--slot', 'production');
    expect(production.result.sites).toMatchObject([{ proven: true }]);
    expect(await verifyStaging('--azure')).toMatchObject({ code: 0, proven: true });
  });
});

describe('as somebody who holds', () => {
  const authorization = () => `/subscriptions/${azure.subscriptionId}/providers/Microsoft.Authorization`;

  /** `verify --slot staging` as a new service principal with this role on the subscription. */
  async function verifyAs(role: string) {
    const { id, appId } = await graphCall(azure, 'POST', '/applications', { displayName: 'verifier' });
    const { secretText } = await graphCall(azure, 'POST', `/applications/${id}/addPassword`, {});
    const principal = await graphCall(azure, 'POST', '/servicePrincipals', { appId });
    const roleDefinitionId = `${authorization()}/roleDefinitions/${role}`;
    const properties = { roleDefinitionId, principalId: principal.id, principalType: 'ServicePrincipal' };
    const assignment = `${authorization()}/roleAssignments/${crypto.randomUUID()}`;
    await armCall(azure, 'PUT', assignment, '2022-04-01', { properties });
    const env = { AZURE_CLIENT_ID: appId, AZURE_CLIENT_SECRET: secretText };
    const args = [acrpullBin, 'verify', 'hoge-app', '--slot', 'staging', '--timeout', '30'];
    return azure.run(process.execPath, args, { env });
  }

  test('Reader: nothing is restarted, and what is wanting is said', async () => {
    const before = await pulls('/slots/staging');
    const { code, stdout } = await verifyAs('acdd72a7-3385-48ef-bd42-f606fba81ae7');
    const words = stdout.replace(/\s+/g, ' ');
    expect(words).toContain('nothing was restarted');
    expect(words).toContain("perform action 'Microsoft.Web/sites/slots/containerlogs/Action'");
    expect(words).toContain('next ask an owner');
    expect([code, await pulls('/slots/staging')]).toEqual([2, before]);
  });

  test('no right at the scm host: the log by Resource Manager is enough', async () => {
    const role = crypto.randomUUID();
    const slots = 'Microsoft.Web/sites/slots';
    const actions = ['*/read', `${slots}/restart/action`, `${slots}/containerlogs/action`];
    await armCall(azure, 'PUT', `${authorization()}/roleDefinitions/${role}`, '2022-04-01', {
      properties: {
        roleName: 'Restarter',
        assignableScopes: [`/subscriptions/${azure.subscriptionId}`],
        permissions: [{ actions }],
      },
    });
    const { code, stdout } = await verifyAs(role);
    expect(stdout).toContain('Proven');
    expect(code).toBe(0);
  });
});

test('interrupted, it says what has been done to each site, which serve all the same', async () => {
  const child = spawn(process.execPath, [acrpullBin, 'verify', 'hoge-app', '--stop-start'], {
    env: azure.env,
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
    // More than once, as the impatient do.
    if (/waiting for the platform to begin/.test(said) && !/Interrupted/.test(said)) child.kill('SIGINT');
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  expect(await text(child.stdout)).toBe('');
  expect(await exited).toBe(2);
  expect(said).toMatch(/ago hoge-app was stopped and started, which goes on by itself/);
  expect(said).toMatch(/ago hoge-app\/staging was stopped and started, which goes on by itself/);
  expect(said).not.toContain('    at '); // no stack trace
  const sites = await Promise.all(
    ['', '/slots/staging'].map((path) => armCall(azure, 'GET', app() + path, webVersion)),
  );
  for (const { properties } of sites) expect(properties.state).toBe('Running');
  expect((await verify()).code).toBe(0);
});
