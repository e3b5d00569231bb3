import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalAzureProcess, startLocalAzure } from '../local-azure.ts';
import { missing } from '../tools.ts';
import { azVersions, refusalOfAz, runAz, signIn } from './az-versions.ts';

// Roles, deny assignments, locks and the management group, by an unmodified `az`: each test builds on the one before.

const group = 'blog';
const lacking = missing('az');
const skipped = lacking ? ` (skipped: no ${lacking} on this machine)` : '';

describe.skipIf(lacking).each(azVersions)(`$name${skipped}`, ({ program, registryName, roleCommands }) => {
  let azure: LocalAzureProcess;
  let subscription: string;
  let registry: string;
  let tenantId: string;

  const az = (...args: string[]) => runAz(azure, program, [...args, '--only-show-errors']);
  const refusal = (...args: string[]) => refusalOfAz(azure, program, args);

  beforeAll(async () => {
    azure = await startLocalAzure({ args: ['--engine', 'none'] });
    await signIn(azure, program);
    subscription = `/subscriptions/${azure.subscriptionId}`;
    tenantId = azure.env.AZURE_TENANT_ID!;
    await az('group', 'create', '-n', group, '-l', 'japaneast');
    const create = ['acr', 'create', '-g', group, '-n', registryName, '--sku', 'Basic'];
    registry = (await az(...create, '--admin-enabled', 'true')).id;
  });
  afterAll(() => azure?.stop());

  describe('az lock', () => {
    const onGroup = ['-n', 'keep', '-g', group];
    const onRegistry = ['-n', 'still', '-g', group, '--resource', registryName];
    const typed = [...onRegistry, '--resource-type', 'Microsoft.ContainerRegistry/registries'];

    test('create, show, list, update', async () => {
      await az('lock', 'create', ...onGroup, '--lock-type', 'CanNotDelete');
      expect(await az('lock', 'create', ...typed, '--lock-type', 'ReadOnly')).toMatchObject({
        level: 'ReadOnly',
      });
      expect(await az('lock', 'show', ...onGroup)).toMatchObject({ level: 'CanNotDelete' });
      expect(await az('lock', 'update', ...onGroup, '--notes', 'ours')).toMatchObject({ notes: 'ours' });
      const names = async (...args: string[]) =>
        (await az('lock', 'list', ...args)).map(({ name }: { name: string }) => name).sort();
      expect(await names()).toEqual(['keep', 'still']);
      expect(await names('-g', group, '--filter-string', 'atScope()')).toEqual(['keep']);
    });

    test('what is locked is neither changed nor deleted', async () => {
      expect(await refusal('acr', 'update', '-n', registryName, '--admin-enabled', 'false')).toContain(
        'cannot perform write operation because following scope(s) are locked',
      );
      expect(await refusal('acr', 'credential', 'show', '-n', registryName)).toContain('ScopeLocked');
      expect(await refusal('group', 'delete', '-n', group, '--yes')).toContain(
        'cannot perform delete operation because following scope(s) are locked',
      );
    });

    test('delete; az group lock, az account lock, az resource lock', async () => {
      await az('lock', 'delete', ...typed);
      await az('lock', 'delete', ...onGroup);
      for (const [command, where] of [
        ['group', ['-g', group]],
        ['account', []],
        ['resource', [...typed.slice(2)]],
      ] as const) {
        await az(command, 'lock', 'create', '-n', 'again', ...where, '--lock-type', 'CanNotDelete');
        await az(command, 'lock', 'delete', '-n', 'again', ...where);
      }
      expect(await az('lock', 'list')).toEqual([]);
    });
  });

  describe.runIf(roleCommands)('az role', () => {
    let appId: string;
    const assignment = (command: string, ...args: string[]) =>
      az('role', 'assignment', command, '--assignee', appId, ...args);
    const scopes = async (...args: string[]) =>
      (await az('role', 'assignment', 'list', ...args)).map(({ scope }: { scope: string }) => scope);
    const role = (actions: string[], name = 'Image Puller') =>
      JSON.stringify({
        Name: name,
        Description: 'of ours',
        Actions: actions,
        AssignableScopes: [subscription],
      });
    const pull = 'Microsoft.ContainerRegistry/registries/pull/read';

    test('definition create, update, list, show', async () => {
      appId = (await az('ad', 'sp', 'create-for-rbac', '-n', 'puller')).appId;
      const definition = (command: string, ...args: string[]) => az('role', 'definition', command, ...args);
      const made = await definition('create', '--role-definition', role([pull]));
      expect(made).toMatchObject({ roleName: 'Image Puller', roleType: 'CustomRole' });
      const actions = [pull, 'Microsoft.ContainerRegistry/registries/read'];
      await definition('update', '--role-definition', role(actions));
      const [listed, ...others] = await definition('list', '--custom-role-only');
      expect(others).toEqual([]);
      expect(listed).toMatchObject({ id: made.id, permissions: [{ actions }] });
      expect(await definition('list', '-n', 'image puller', '--scope', registry)).toEqual([]);
      expect(await definition('list', '-n', 'Image Puller', '--scope', registry)).toMatchObject([
        { id: made.id },
      ]);
      for (const one of [
        ['--id', made.id],
        ['--scope', subscription, '--name', made.name],
      ])
        expect(await definition('show', ...one)).toMatchObject({ roleName: 'Image Puller' });
    });

    test('definition create says which action nobody has, and that a name is taken', async () => {
      const create = ['role', 'definition', 'create', '--role-definition'];
      expect(
        await refusal(...create, role(['Microsoft.ContainerRegistry/registries/pull/raed'], 'Other')),
      ).toContain(
        "(InvalidActionOrNotAction) 'Microsoft.ContainerRegistry/registries/pull/raed' does not match",
      );
      expect(await refusal(...create, role([pull]))).toContain('RoleDefinitionWithSameNameExists');
    });

    test('assignment create, list, update, delete', async () => {
      const made = await assignment('create', '--role', 'Image Puller', '--scope', registry);
      expect(made).toMatchObject({ scope: registry, principalType: 'ServicePrincipal' });
      // Again, by its other name: az then shows the one that exists.
      const again = await assignment('create', '--role', made.roleDefinitionId, '--scope', registry);
      expect(again.id).toBe(made.id);
      expect(await assignment('list', '--all')).toMatchObject([
        { id: made.id, roleDefinitionName: 'Image Puller', principalName: appId },
      ]);
      expect(await scopes('--scope', registry)).toEqual([registry]);
      expect((await scopes('--scope', registry, '--include-inherited')).sort()).toEqual(
        [registry, subscription, subscription].sort(),
      );
      expect(await scopes('--assignee', appId, '--all', '--include-groups')).toEqual([registry]);
      const changed = JSON.stringify({ ...made, description: 'for the app' });
      expect(await az('role', 'assignment', 'update', '--role-assignment', changed)).toMatchObject({
        id: made.id,
        description: 'for the app',
      });
      expect(await refusal('role', 'definition', 'delete', '-n', 'Image Puller')).toContain(
        'There are existing role assignments referencing role.',
      );
      await assignment('delete', '--role', 'Image Puller', '--scope', registry);
      expect(await assignment('list', '--all')).toEqual([]);
      await az('role', 'definition', 'delete', '-n', 'Image Puller');
      expect(await az('role', 'definition', 'list', '--custom-role-only')).toEqual([]);
    });

    test('assignment create at the management group, once access is elevated', async () => {
      const rootGroup = `/providers/Microsoft.Management/managementGroups/${tenantId}`;
      const elevate = '/providers/Microsoft.Authorization/elevateAccess?api-version=2016-07-01';
      const create = ['assignment', 'create', '--assignee', appId, '--role', 'Reader', '--scope', rootGroup];
      expect(await refusal('role', ...create)).toContain('AuthorizationFailed');
      await az('rest', '--method', 'post', '--url', elevate);
      await az('role', ...create);
      const shown = ['account', 'management-group', 'show', '-n', tenantId, '-e', '--no-register'];
      expect(await az(...shown)).toMatchObject({ children: [{ id: subscription }] });
      expect(await az('account', 'management-group', 'list', '--no-register')).toMatchObject([
        { id: rootGroup },
      ]);
      expect(await assignment('list', '--all')).toMatchObject([
        { scope: rootGroup, roleDefinitionName: 'Reader' },
      ]);
      await assignment('delete', '--role', 'Reader', '--scope', rootGroup);
    });

    test('deny-assignment create, list, show, delete', async () => {
      const deny = (command: string, ...args: string[]) => az('role', 'deny-assignment', command, ...args);
      const { id } = await az('ad', 'sp', 'show', '--id', appId);
      await deny(
        ...['create', '--name', 'keeps registries', '--scope', registry],
        ...['--actions', 'Microsoft.ContainerRegistry/registries/delete', '--exclude-principal-ids', id],
      );
      expect(await refusal('acr', 'delete', '-n', registryName, '--yes')).toContain(
        "the access is denied because of the deny assignment with name 'keeps registries'",
      );
      const [listed] = await deny('list', '--scope', registry);
      expect(listed).toMatchObject({ denyAssignmentName: 'keeps registries', isSystemProtected: false });
      expect(await deny('show', '--id', listed.id)).toEqual(listed);
      await deny('delete', '--id', listed.id, '--yes');
      expect(await deny('list')).toEqual([]);
    });
  });
});
