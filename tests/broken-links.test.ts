import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalAzureProcess, startLocalAzure } from './local-azure.ts';
import { armCall } from './resource-manager.ts';

// The promise of the whole project, over the real wire: take one link away, on either slot; doctor names exactly that
// link, verify fails with the outcome that belongs to it, and fix mends it.

let azure: LocalAzureProcess;
let subscription: string;
const group = () => `${subscription}/resourceGroups/blog`;
const app = () => `${group()}/providers/Microsoft.Web/sites/hoge-app`;
const registry = () => `${group()}/providers/Microsoft.ContainerRegistry/registries/hoge`;
const webVersion = '2023-12-01';

beforeAll(async () => {
  azure = await startLocalAzure();
  subscription = `/subscriptions/${azure.subscriptionId}`;
  await azure.setUpMendedStory();
});
afterAll(() => azure?.stop());

const call = (method: string, path: string, apiVersion: string, body?: unknown) =>
  armCall(azure, method, path, apiVersion, body);

const setImage = (site: string, tag: string) =>
  call('PATCH', `${site}/config/web`, webVersion, {
    properties: { linuxFxVersion: `DOCKER|hoge.azurecr.io/hello:${tag}` },
  });

interface Case {
  link: string;
  check: string;
  takeAway(site: string): Promise<unknown>;
  outcome: { kind: string; cause: string };
  /** What a person does where fix cannot decide. */
  byHand?(site: string): Promise<unknown>;
}

const cases: Case[] = [
  {
    link: 'identity',
    check: 'B1',
    takeAway: (site) => call('PATCH', site, webVersion, { identity: { type: 'None' } }),
    outcome: { kind: 'refused', cause: 'unauthorized' },
  },
  {
    link: 'grant',
    check: 'B2',
    takeAway: async (site) => {
      const { identity } = await call('GET', site, webVersion);
      const path = `${registry()}/providers/Microsoft.Authorization/roleAssignments`;
      const filter = encodeURIComponent(`principalId eq '${identity.principalId}'`);
      const { value } = await call('GET', `${path}?$filter=${filter}`, '2022-04-01');
      for (const { id } of value) await call('DELETE', id, '2022-04-01');
    },
    outcome: { kind: 'refused', cause: 'unauthorized' },
  },
  {
    link: 'flag',
    check: 'A2',
    takeAway: (site) =>
      call('PATCH', `${site}/config/web`, webVersion, { properties: { acrUseManagedIdentityCreds: false } }),
    outcome: { kind: 'refused', cause: 'unauthorized' },
  },
  {
    link: 'manifest',
    check: 'E1',
    takeAway: (site) => setImage(site, '9.9.9'),
    outcome: { kind: 'refused', cause: 'manifest-unknown' },
    byHand: (site) => setImage(site, '0.1.0'),
  },
];

describe.each([undefined, 'staging'])('slot: %s', (slot) => {
  test.each(cases)('$link', async ({ link, check, takeAway, outcome, byHand }) => {
    const site = slot ? `${app()}/slots/${slot}` : app();
    const name = slot ? `hoge-app/${slot}` : 'hoge-app';
    await takeAway(site);

    const doctor = await azure.acrpullJson('doctor', 'hoge-app');
    expect(doctor.code).toBe(1);
    for (const it of doctor.result.sites) {
      const mine = it.name === name;
      expect(it.firstBroken, it.name).toBe(mine ? link : null);
      const failed = it.findings.filter((finding: { status: string }) => finding.status === 'fail');
      expect(failed.map((finding: { id: string }) => finding.id)).toEqual(mine ? [check] : []);
    }

    const verify = await azure.acrpullJson(
      'verify',
      'hoge-app',
      '--slot',
      slot ?? 'production',
      '--timeout',
      '30',
    );
    expect(verify.code).toBe(1);
    expect(verify.result.sites).toMatchObject([{ name, firstBroken: link, outcome }]);

    const fix = await azure.acrpull('fix', 'hoge-app', '--yes');
    if (byHand) {
      expect(fix.code).toBe(1);
      expect(fix.stdout).toContain(check);
      await byHand(site);
    } else {
      expect(fix.code, fix.stdout + fix.stderr).toBe(0);
    }
    expect((await azure.acrpull('doctor', 'hoge-app')).code).toBe(0);
  });
});

test('fix does nothing twice', async () => {
  const { code, stdout } = await azure.acrpull('fix', 'hoge-app', '--yes');
  expect(stdout).toContain('Nothing to do');
  expect(code).toBe(0);
});

test('verify proves it: pulled, started, answered, with the digest that was pulled', async () => {
  const { code, result } = await azure.acrpullJson('verify', 'hoge-app', '--timeout', '60');
  expect(result.sites).toMatchObject([
    {
      name: 'hoge-app',
      outcome: { kind: 'serving', digest: expect.stringMatching(/^sha256:/), status: 200 },
    },
    { name: 'hoge-app/staging', outcome: { kind: 'serving', firstLine: expect.stringContaining('Hello') } },
  ]);
  expect(code).toBe(0);
});
