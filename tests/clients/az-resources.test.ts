import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalAzureProcess, startLocalAzure } from '../local-azure.ts';
import { missing } from '../tools.ts';
import { azVersions, refusalOfAz, runAz, signIn } from './az-versions.ts';

// Resource groups, resources of any type, tags and providers by an unmodified `az`: each test builds on the one before.

const location = 'japaneast';
const group = 'blog';
const lacking = missing('az');
const skipped = lacking ? ` (skipped: no ${lacking} on this machine)` : '';

describe.skipIf(lacking).each(azVersions)(`Resource Manager by $name${skipped}`, ({ program }) => {
  let azure: LocalAzureProcess;
  let groupId: string;
  let registryId: string;

  const az = (...args: string[]) => runAz(azure, program, args);
  const refusal = (...args: string[]) => refusalOfAz(azure, program, args);

  beforeAll(async () => {
    azure = await startLocalAzure({ args: ['--engine', 'none'] });
    await signIn(azure, program);
    groupId = `/subscriptions/${azure.subscriptionId}/resourceGroups/${group}`;
    registryId = `${groupId}/providers/Microsoft.ContainerRegistry/registries/hogehoge`;
  });
  afterAll(() => azure?.stop());

  test('az group create, exists, show, list --tag, update --set', async () => {
    await az('group', 'create', '-n', group, '-l', location, '--tags', 'env=test');
    expect(await az('group', 'exists', '-n', group)).toBe(true);
    expect(await az('group', 'exists', '-n', 'nothing')).toBe(false);
    await az('group', 'update', '-n', group, '--set', 'tags.team=a');
    expect(await az('group', 'show', '-n', group)).toMatchObject({ tags: { env: 'test', team: 'a' } });
    expect(await az('group', 'list', '--tag', 'env=test')).toHaveLength(1);
    expect(await az('group', 'list', '--tag', 'env=live')).toEqual([]);
    expect(await refusal('group', 'create', '-n', group, '-l', 'westus')).toContain(
      'InvalidResourceGroupLocation',
    );
    expect(await refusal('group', 'create', '-n', 'other', '-l', 'atlantis')).toContain(
      'LocationNotAvailableForResourceGroup',
    );
  });

  test('az account list-locations; az provider list, show, unregister, register', async () => {
    expect(await az('account', 'list-locations', '--query', "[?name=='japaneast'].displayName")).toEqual([
      'Japan East',
    ]);
    const states = await az('provider', 'list', '--query', '[].registrationState');
    expect(new Set(states)).toEqual(new Set(['Registered']));
    await az('provider', 'unregister', '-n', 'Microsoft.ContainerRegistry', '--wait');
    const body = JSON.stringify({ location, sku: { name: 'Basic' }, properties: {} });
    // `az rest`, since other commands of Debian's az register a provider by themselves.
    const url = `${registryId}?api-version=2023-07-01`;
    expect(await refusal('rest', '--method', 'put', '--url', url, '--body', body)).toContain(
      'MissingSubscriptionRegistration',
    );
    await az('provider', 'register', '-n', 'Microsoft.ContainerRegistry', '--wait');
    const shown = await az('provider', 'show', '-n', 'Microsoft.ContainerRegistry');
    expect(shown).toMatchObject({ registrationState: 'Registered' });
    const create = ['resource', 'create', '--id', registryId, '--is-full-object', '-p', body];
    expect(await az(...create)).toMatchObject({ id: registryId, sku: { name: 'Basic' } });
  });

  test('az resource show, list, tag, update --set', async () => {
    const type = 'Microsoft.ContainerRegistry/registries';
    expect(
      await az('resource', 'show', '-g', group, '-n', 'hogehoge', '--resource-type', type),
    ).toMatchObject({
      properties: { adminUserEnabled: false },
    });
    await az('resource', 'tag', '--ids', registryId, '--tags', 'a=b');
    for (const filter of [
      ['--tag', 'a=b'],
      ['--resource-type', type],
      ['-g', group],
      ['-n', 'hogehoge'],
    ]) {
      expect(await az('resource', 'list', ...filter), String(filter)).toMatchObject([{ id: registryId }]);
    }
    expect(await az('resource', 'list', '--tag', 'a=c')).toEqual([]);
    await az('resource', 'update', '--ids', registryId, '--set', 'properties.adminUserEnabled=true');
    expect(await az('resource', 'show', '--ids', registryId)).toMatchObject({
      properties: { adminUserEnabled: true },
      tags: { a: 'b' },
    });
  });

  test('az resource update --set of a property that a site keeps elsewhere reports success and stores nothing', async () => {
    await az('appservice', 'plan', 'create', '-g', group, '-n', 'plan', '--is-linux', '--sku', 'S1');
    const site = `${groupId}/providers/Microsoft.Web/sites/hoge-app`;
    const properties = { serverFarmId: `${groupId}/providers/Microsoft.Web/serverfarms/plan` };
    await az(
      'resource',
      'create',
      '--id',
      site,
      '--is-full-object',
      '-p',
      JSON.stringify({ location, properties }),
    );
    // A resource's own property, where the flag is not: cause A11.
    await az('resource', 'update', '--ids', site, '--set', 'properties.acrUseManagedIdentityCreds=true');
    const shown = await az('resource', 'show', '--ids', site);
    expect(shown.properties.acrUseManagedIdentityCreds).toBeUndefined();
    expect(await az('resource', 'show', '--ids', `${site}/config/web`)).toMatchObject({
      properties: { acrUseManagedIdentityCreds: false },
    });
    await az(
      'resource',
      'update',
      '--ids',
      `${site}/config/web`,
      '--set',
      'properties.acrUseManagedIdentityCreds=true',
    );
    expect(await az('resource', 'show', '--ids', `${site}/config/web`)).toMatchObject({
      properties: { acrUseManagedIdentityCreds: true },
    });
  });

  test('the identity to pull with, as the tutorials set it', async () => {
    const site = ['-g', group, '-n', 'hoge-app'];
    const chosen = () => az('webapp', 'config', 'show', ...site, '--query', 'acrUserManagedIdentityId');
    const id = await az('webapp', 'config', 'show', ...site, '--query', 'id');
    const [first, second] = [randomUUID(), randomUUID()];
    // Spelled otherwise than Azure does.
    await az('resource', 'update', '--ids', id, '--set', `properties.AcrUserManagedIdentityID=${first}`);
    expect(await chosen()).toBe(first);
    const generic = JSON.stringify({ acrUserManagedIdentityID: second });
    await az('webapp', 'config', 'set', ...site, '--generic-configurations', generic);
    expect(await chosen()).toBe(second);
  });

  test('az webapp list-runtimes has none: only images of yours run here', async () => {
    expect(await az('webapp', 'list-runtimes', '--os', 'linux')).toEqual([]);
  });

  test('an api-version that a type does not have', async () => {
    expect(await refusal('resource', 'show', '--ids', registryId, '--api-version', '2020-01-01')).toContain(
      "No registered resource provider found for location 'japaneast' and API version '2020-01-01' for type 'registries'",
    );
  });

  test('az tag create, update, list, delete', async () => {
    const on = ['--resource-id', registryId];
    await az('tag', 'create', ...on, '--tags', 'x=1', 'y=2');
    await az('tag', 'update', ...on, '--operation', 'Merge', '--tags', 'z=3');
    await az('tag', 'update', ...on, '--operation', 'Delete', '--tags', 'y=2');
    expect((await az('tag', 'list', ...on)).properties.tags).toEqual({ x: '1', z: '3' });
    const names = await az('tag', 'list', '--query', '[].tagName');
    expect(names.sort()).toEqual(['env', 'team', 'x', 'z']);
    await az('tag', 'create', '--name', 'cost');
    await az('tag', 'add-value', '--name', 'cost', '--value', 'high');
    await az('tag', 'remove-value', '--name', 'cost', '--value', 'high');
    await az('tag', 'delete', '--name', 'cost', '--yes');
    await az('tag', 'delete', ...on, '--yes');
    expect((await az('tag', 'list', ...on)).properties.tags).toEqual({});
  });

  test('az appservice plan delete with an app on it is refused; az resource delete', async () => {
    const deletePlan = ['appservice', 'plan', 'delete', '-g', group, '-n', 'plan', '--yes'];
    expect(await refusal(...deletePlan)).toMatch(/Conflict|web app/);
    await az('resource', 'delete', '--ids', registryId);
    expect(await refusal('resource', 'show', '--ids', registryId)).toContain('ResourceNotFound');
  });

  test('az group delete, --no-wait, and az group wait', async () => {
    await az('group', 'create', '-n', 'other', '-l', location);
    await az('group', 'delete', '-n', 'other', '--yes');
    await az('group', 'delete', '-n', group, '--yes', '--no-wait');
    await az('group', 'wait', '-n', group, '--deleted', '--interval', '1');
    expect(await az('group', 'list')).toEqual([]);
    expect(await az('resource', 'list')).toEqual([]);
  });
});
