import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Setting, startSetting } from './causes/setting.ts';
import { acrpullBin } from './local-azure.ts';

// fix and undo over the real wire: what is planned, what keeps it from being begun, and that it is taken back as it was.

let setting: Setting;
beforeAll(async () => {
  setting = await startSetting();
});
afterAll(() => setting?.stop());

const webVersion = '2023-12-01';
const fix = (...args: string[]) => setting.azure.acrpull('fix', ...args);
const fixJson = (...args: string[]) => setting.azure.acrpullJson('fix', ...args);
const flagOf = async (site: string) =>
  (await setting.arm('GET', `${site}/config/web`, webVersion)).properties.acrUseManagedIdentityCreds;

/** An app and its slot `staging` that have no identity any more. */
async function brokenApp(name: string): Promise<{ app: string; staging: string }> {
  const staging = await setting.healthySite(name, { slot: 'staging' });
  const app = staging.replace(/\/slots\/.*/, '');
  for (const site of [app, staging]) {
    await setting.setIdentity(site, { type: 'None' });
    await setting.configure(site, { acrUseManagedIdentityCreds: false });
  }
  return { app, staging };
}

test.concurrent('the plan says what is added and changed, and which rights it takes', async () => {
  await brokenApp('fix-plan');
  const { code, stdout } = await fix('fix-plan', '--dry-run');
  expect(code).toBe(1);
  expect(stdout).toContain('+ identity  SystemAssigned  [B1]');
  expect(stdout).toContain('~ acrUseManagedIdentityCreds  false → true');
  expect(stdout).toContain('✔ Microsoft.Authorization/roleAssignments/write  registry hoge');
  expect(stdout).toContain('Plan: 4 to add, 2 to change, 0 to remove. 2 sites restart.');
  expect(stdout).toContain('--identity <name>');
});

test.concurrent('as code: that alone on stdout, and nothing is changed', async () => {
  const { app } = await brokenApp('fix-emit');
  const { code, stdout, stderr } = await fix('fix-emit', '--emit', 'arm');
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout).resources).toHaveLength(4);
  expect(stderr).toContain('az webapp identity assign');
  expect(await flagOf(app)).toBe(false);
});

test.concurrent('one slot, and one finding', async () => {
  const { app, staging } = await brokenApp('fix-one');
  expect((await fix('fix-one', '--slot', 'staging', '--yes')).code).toBe(0);
  expect([await flagOf(app), await flagOf(staging)]).toEqual([false, true]);
  const absent = await fix('fix-one', '--only', 'E1');
  expect(absent).toMatchObject({
    code: 0,
    stdout: 'Nothing to do: what was asked for holds, but not all links do.\n',
  });
  const { code, result } = await fixJson('fix-one', '--only', 'b1', '--dry-run');
  expect(code).toBe(1);
  expect(result.plan).toMatchObject([
    { site: app, steps: [{ remedy: 'assign-identity' }, { remedy: 'grant-pull' }] },
    { site: staging, steps: [] },
  ]);
  expect((await fix('fix-one', '--only', 'Z9')).stderr).toContain('No check has the number Z9');
});

test.concurrent('one identity for all slots: attached, granted once, named; undo leaves what was there before', async () => {
  const { app, staging } = await brokenApp('fix-shared');
  const identity = await setting.createIdentity('shared-puller');
  const { code, stdout, stderr } = await fix('fix-shared', '--identity', 'shared-puller', '--yes');
  expect(code, stdout + stderr).toBe(0);
  for (const site of [app, staging]) {
    const { properties } = await setting.arm('GET', `${site}/config/web`, webVersion);
    expect(properties.acrUserManagedIdentityID).toBe(identity.clientId);
  }
  expect(stdout).toContain('once, for fix-shared/staging too');

  const run = /acrpull undo (\S+)/.exec(stdout)![1]!;
  const journal = join(setting.azure.dataDir, 'state/acrpull/runs', `${run}.jsonl`);
  const lines = (await readFile(journal, 'utf8')).trim().split('\n');
  const states = lines.map((line) => JSON.parse(line).state).filter(Boolean);
  expect(states.filter((state) => state === 'done')).toHaveLength(5);
  expect((await setting.azure.acrpull('undo', '--list')).stdout).toContain(run);
  const undone = await setting.azure.acrpull('undo', run, '--yes');
  expect(undone.code, undone.stdout + undone.stderr).toBe(0);
  for (const site of [app, staging]) {
    const { identity: left } = await setting.arm('GET', site, webVersion);
    expect(left?.type ?? 'None').toBe('None');
    const { properties } = await setting.arm('GET', `${site}/config/web`, webVersion);
    expect(properties).toMatchObject({ acrUseManagedIdentityCreds: false, acrUserManagedIdentityID: null });
  }
  const again = await setting.azure.acrpull('undo', run, '--yes');
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('taken back already') });
});

test.concurrent.each(['SIGINT', 'SIGKILL'] as const)(
  'ended by %s while it waits for a grant: the site pulls as before, the next run goes on, and undo takes both back',
  async (signal) => {
    const name = `fix-${signal.toLowerCase()}`;
    const site = await setting.healthySite(name);
    const identity = await setting.createIdentity(`${name}-puller`);
    const { arm, azure, doctor } = setting;
    const nameOf = async () =>
      (await arm('GET', `${site}/config/web`, webVersion)).properties.acrUserManagedIdentityID;
    const args = ['fix', name, '--identity', `${name}-puller`, '--yes'];

    const child = spawn(process.execPath, [acrpullBin, ...args, '--wait', '600'], { env: azure.env });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
      if (stderr.includes('its grant to count') && !child.killed) child.kill(signal);
    });
    const code = await new Promise((resolve) => child.on('exit', resolve));
    if (signal === 'SIGINT') {
      expect(code).toBe(2);
      expect(stderr).toContain(`done:      ${name}: identity, ${name}: role assignment`);
      expect(stderr).toContain(`not done:  ${name}: acrUserManagedIdentityID`);
    }
    expect(await nameOf()).toBeNull();
    expect((await doctor(site))[0]!.firstBroken).toBeNull();

    const again = await azure.acrpullJson(...args, '--wait', '0');
    expect(again).toMatchObject({ code: 0, result: { plan: [{ steps: [{ remedy: 'select-identity' }] }] } });
    expect(await nameOf()).toBe(identity.clientId);
    if (signal === 'SIGINT') return;
    for (const _ of ['the second run', 'the first']) {
      const undone = await azure.acrpull('undo', name, '--yes');
      expect(undone.code, undone.stdout + undone.stderr).toBe(0);
    }
    expect(await nameOf()).toBeNull();
    expect((await arm('GET', site, webVersion)).identity.type).toBe('SystemAssigned');
  },
);

test.concurrent('undo refuses when a value has changed since', async () => {
  const { app } = await brokenApp('fix-changed');
  const { result } = await fixJson('fix-changed', '--yes');
  await setting.configure(app, { acrUseManagedIdentityCreds: false });
  await setting.configure(app, { acrUserManagedIdentityID: crypto.randomUUID() });
  await setting.setIdentity(app, { type: 'None' });
  await setting.setIdentity(app, { type: 'SystemAssigned' });
  const { code, stderr } = await setting.azure.acrpull('undo', result.run, '--yes');
  expect(code).toBe(2);
  expect(stderr).toContain('Changed since');
});

test.concurrent('a lock is said before anything is touched', async () => {
  const { app } = await brokenApp('fix-locked');
  const lock = `${app}/providers/Microsoft.Authorization/locks/keep`;
  await setting.arm('PUT', lock, '2016-09-01', { properties: { level: 'ReadOnly' } });
  const { code, stdout, stderr } = await fix('fix-locked', '--yes');
  expect(code).toBe(2);
  expect(stdout).toContain('✘ Microsoft.Web/sites/write  fix-locked');
  expect(stderr).toContain(`the lock ${lock} (ReadOnly) forbids it`);
  expect(stderr).toContain('Nothing was changed');
  expect((await setting.arm('GET', app, webVersion)).identity?.type ?? 'None').toBe('None');
});

test.concurrent('a right that is missing is said before anything is touched, with who can', async () => {
  const { app } = await brokenApp('fix-rights');
  const contributor = 'b24988ac-6180-42a0-ab88-20f7382dd24c';
  const caller = await setting.createCaller('contributor', setting.group, contributor);
  const args = [acrpullBin, 'fix', 'fix-rights', '-g', 'blog', '--yes'];
  const { code, stdout, stderr } = await setting.azure.run(process.execPath, args, { env: caller });
  expect(code).toBe(2);
  expect(stdout).toContain('✔ Microsoft.Web/sites/config/write');
  expect(stderr).toContain('Microsoft.Authorization/roleAssignments/write: you do not have it');
  expect(stderr).toContain('Role Based Access Control Administrator');
  expect((await setting.arm('GET', app, webVersion)).identity?.type ?? 'None').toBe('None');
});

test.concurrent('a scope at which the grant would count for nothing is refused; a wider one is taken', async () => {
  await brokenApp('fix-scope');
  const elsewhere = setting.group.replace(/blog$/, 'other');
  expect(await fix('fix-scope', '--scope', elsewhere)).toMatchObject({ code: 2 });
  const { code, result } = await fixJson('fix-scope', '--scope', setting.group, '--yes');
  expect(code).toBe(0);
  expect(result.plan[0].steps[1].write.scope).toBe(setting.group);
});

test.concurrent('in ABAC mode the role is for the repository only, and lets it pull', async () => {
  const registry = await setting.createRegistry('fixabac', {
    roleAssignmentMode: 'AbacRepositoryPermissions',
  });
  const site = await setting.healthySite('fix-abac', { image: 'fixabac.azurecr.io/hello:0.1.0' });
  const { code, stdout, stderr } = await fix('fix-abac', '--yes');
  expect(code, stdout + stderr).toBe(0);
  const filter = encodeURIComponent(`principalId eq '${await setting.principalOf(site)}'`);
  const path = `${registry}/providers/Microsoft.Authorization/roleAssignments?$filter=${filter}`;
  const { value } = await setting.arm('GET', path, '2022-04-01');
  expect(value[0].properties.condition).toContain("StringEqualsIgnoreCase 'hello'");
  expect(await setting.restart(site)).toMatch(/Pull Image successful|is pulled from registry/);
});
