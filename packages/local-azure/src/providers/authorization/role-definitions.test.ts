import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ArmServer, root, startArmServer, subscription } from '../../../test/arm-server.ts';
import { builtInRoles } from './built-in-roles.ts';
import { namesNothing, providerOperations } from './provider-operations/provider-operations.ts';

const group = `${root}/resourceGroups/blog`;
const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/hoge1`;
const type = '/providers/Microsoft.Authorization/roleDefinitions';
const definitions = `${root}${type}`;
const acrPull = `${definitions}/7f951dda-4ed3-4680-a7ca-43fe172d538d`;
const pull = 'Microsoft.ContainerRegistry/registries/pull/read';
let arm: ArmServer;

beforeAll(async () => {
  arm = await startArmServer();
  await arm.call('PUT', group, { body: { location: 'japaneast' } });
  await arm.call('PUT', registry, { body: { location: 'japaneast', sku: { name: 'Basic' } } });
});
afterAll(() => arm.close());

const newId = () => `${definitions}/${crypto.randomUUID()}`;
const custom = (roleName: string, given: object = {}, permission: object = {}) => ({
  body: {
    properties: {
      roleName,
      description: 'of our own',
      assignableScopes: [root],
      permissions: [{ actions: [pull], ...permission }],
      ...given,
    },
  },
});
const names = async (path: string, filter = '', as = arm.owner) => {
  const query = filter ? `?$filter=${encodeURIComponent(filter)}` : '';
  const { body } = await arm.call('GET', `${path}${type}${query}`, { as });
  return body.value.map((one: { properties: { roleName: string } }) => one.properties.roleName);
};

describe('built-in roles', () => {
  test('are found by name, and by GUID at any scope', async () => {
    const { body } = await arm.call('GET', `${definitions}?$filter=roleName%20eq%20'AcrPull'`);
    expect(body.value.map((one: { id: string }) => one.id)).toEqual([acrPull]);
    expect((await arm.call('GET', `${registry}${acrPull.slice(root.length)}`)).body).toMatchObject({
      id: acrPull,
      properties: { roleName: 'AcrPull', type: 'BuiltInRole', permissions: [{ actions: [pull] }] },
    });
  });

  test('all are listed, each once, with a GUID and a name of its own', async () => {
    const { body } = await arm.call(
      'GET',
      `${definitions}?$filter=type eq 'BuiltInRole' and atScopeAndBelow()`,
    );
    expect(new Set(body.value.map((one: { name: string }) => one.name)).size).toBe(builtInRoles.length);
    expect(new Set(builtInRoles.map(({ roleName }) => roleName)).size).toBe(builtInRoles.length);
    for (const { name } of builtInRoles) expect(name).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  test('name operations that Azure has', () => {
    for (const { roleName, permissions } of builtInRoles)
      for (const { actions, notActions, dataActions, notDataActions } of permissions) {
        const unknown = [
          ...[...actions, ...notActions].filter((action) => namesNothing(action, 'control')),
          ...[...dataActions, ...notDataActions].filter((action) => namesNothing(action, 'data')),
        ];
        expect([roleName, unknown]).toEqual([roleName, []]);
      }
    for (const operations of Object.values(providerOperations))
      expect(new Set(operations.map((name) => name.toLowerCase())).size).toBe(operations.length);
  });

  test('an unknown one is not found, an unknown filter refused', async () => {
    const unknown = await arm.call('GET', newId());
    expect([unknown.status, unknown.body.error.code]).toEqual([404, 'RoleDefinitionDoesNotExist']);
    expect((await arm.call('GET', `${definitions}?$filter=colour%20eq%20'red'`)).status).toBe(400);
  });

  test('cannot be changed or deleted', async () => {
    const changed = await arm.call('PUT', acrPull, custom('My AcrPull'));
    expect([changed.status, changed.body.error.code]).toEqual([409, 'RoleDefinitionExists']);
    expect((await arm.call('DELETE', acrPull)).status).toBe(400);
  });
});

describe('a custom role', () => {
  test('is made, read, changed and deleted', async () => {
    const url = newId();
    const made = await arm.call('PUT', url, custom('Puller', {}, { notActions: null }));
    const properties = {
      roleName: 'Puller',
      type: 'CustomRole',
      assignableScopes: [root],
      permissions: [{ actions: [pull], notActions: [], dataActions: [], notDataActions: [] }],
      createdBy: arm.owner.id,
    };
    expect(made).toMatchObject({ status: 201, body: { id: url, properties } });
    expect((await arm.call('GET', `${registry}${url.slice(root.length).toUpperCase()}`)).body).toEqual(
      made.body,
    );
    expect(await names(root, "roleName eq 'puller'")).toEqual(['Puller']);

    arm.advance(1000);
    const changed = await arm.call('PUT', url, custom('Puller of images'));
    expect(changed.status).toBe(201);
    expect(changed.body.properties.createdOn).toBe(made.body.properties.createdOn);
    expect(changed.body.properties.updatedOn > made.body.properties.updatedOn).toBe(true);
    expect(await names(root, "type eq 'CustomRole'")).toEqual(['Puller of images']);

    expect((await arm.call('DELETE', url)).body.properties.roleName).toBe('Puller of images');
    expect((await arm.call('DELETE', url)).status).toBe(204);
    expect(await names(root, "type eq 'CustomRole'")).toEqual([]);
  });

  test('gives what it names and no more, at once when it changes', async () => {
    const url = newId();
    const app = arm.principal('app');
    await arm.call(
      'PUT',
      url,
      custom(
        'Reader of registries',
        {},
        { actions: ['Microsoft.ContainerRegistry/*/read'], notActions: [pull] },
      ),
    );
    const assignment = `${registry}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`;
    await arm.call('PUT', assignment, {
      body: { properties: { roleDefinitionId: url, principalId: app.id } },
    });
    expect((await arm.call('GET', registry, { as: app })).status).toBe(200);
    expect(arm.access.allowed(app.id, pull, registry)).toBe(false);
    await arm.call('PUT', url, custom('Reader of registries'));
    expect(arm.access.allowed(app.id, pull, registry)).toBe(true);
    expect((await arm.call('GET', registry, { as: app })).status).toBe(403);

    const inUse = await arm.call('DELETE', url);
    expect([inUse.status, inUse.body.error.code]).toEqual([400, 'RoleDefinitionHasAssignments']);
    await arm.call('DELETE', assignment);
    expect((await arm.call('DELETE', url)).status).toBe(200);
  });

  test('is listed and assigned where it is assignable', async () => {
    const url = newId();
    await arm.call('PUT', url, custom('Of the group', { assignableScopes: [group] }));
    expect(await names(root, "type eq 'CustomRole'")).toEqual([]);
    expect(await names(root, "type eq 'CustomRole' and atScopeAndBelow()")).toEqual(['Of the group']);
    expect(await names(registry, "type eq 'CustomRole'")).toEqual(['Of the group']);
    const assign = (scope: string) =>
      arm.call('PUT', `${scope}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`, {
        body: { properties: { roleDefinitionId: url, principalId: arm.owner.id } },
      });
    const outside = await assign(root);
    expect([outside.status, outside.body.error.code]).toEqual([
      400,
      'RoleAssignmentScopeNotAssignableToRoleDefinition',
    ]);
    expect((await assign(group)).status).toBe(201);
  });

  test('takes the right to at each of its assignable scopes', async () => {
    const other = `${root}/resourceGroups/other`;
    await arm.call('PUT', other, { body: { location: 'japaneast' } });
    const manager = arm.principal('manager');
    arm.grant(manager, 'User Access Administrator', group);
    const at = `${group}${type}/${crypto.randomUUID()}`;
    const make = (assignableScopes: string[]) =>
      arm.call('PUT', at, { ...custom('Theirs', { assignableScopes }), as: manager });
    for (const scope of [other, '/subscriptions/00000000-0000-0000-0000-000000000001']) {
      const refused = await make([group, scope]);
      expect([refused.status, refused.body.error.code]).toEqual([403, 'LinkedAuthorizationFailed']);
      expect(refused.body.error.message).toContain(`on the linked scope(s) '${scope}'`);
    }
    expect((await make([group])).status).toBe(201);
    await arm.call('PUT', at, custom('Theirs', { assignableScopes: [group, other] }));
    expect((await make([group])).status).toBe(403);
    expect((await arm.call('DELETE', at, { as: manager })).status).toBe(403);
  });

  test('has a name of its own', async () => {
    await arm.call('PUT', newId(), custom('Taken'));
    const second = newId();
    for (const name of ['TAKEN', 'acrpull']) {
      const twin = await arm.call('PUT', second, custom(name));
      expect([twin.status, twin.body.error.code]).toEqual([409, 'RoleDefinitionWithSameNameExists']);
    }
    await arm.call('PUT', second, custom('Free'));
    const renamed = await arm.call('PUT', second, custom('Taken'));
    expect(renamed.body.error.message).toBe(
      'A role definition cannot be updated with a name that already exists.',
    );
  });

  test('with data actions is not for the management group', async () => {
    const rootGroup = `/providers/Microsoft.Management/managementGroups/${subscription.tenantId}`;
    const admin = arm.principal('admin');
    arm.grant(admin, 'Owner', '/');
    const dataActions = ['Microsoft.ContainerRegistry/registries/repositories/content/read'];
    const url = `${rootGroup}${type}/${crypto.randomUUID()}`;
    const body = custom('Data reader', { assignableScopes: [rootGroup] }, { actions: [], dataActions });
    const made = await arm.call('PUT', url, { ...body, as: admin });
    expect(made.body.id).toBe(url.slice(rootGroup.length));
    const assign = (scope: string) =>
      arm.call('PUT', `${scope}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`, {
        as: admin,
        body: { properties: { roleDefinitionId: made.body.id, principalId: admin.id } },
      });
    expect((await assign(rootGroup)).status).toBe(400);
    expect((await assign(root)).status).toBe(201);
  });

  const data = 'Microsoft.ContainerRegistry/registries/repositories/content/read';
  test.each<[string, string, object, object?]>([
    ['no name', 'RoleDefinitionNameNullOrEmpty', { roleName: '' }],
    ['a name without end', 'InvalidRoleDefinition', { roleName: 'x'.repeat(513) }],
    ['a description without end', 'InvalidRoleDefinition', { description: 'x'.repeat(2049) }],
    ['another type', 'InvalidRoleDefinitionType', { type: 'BuiltInRole' }],
    ['no assignable scope', 'MissingAssignableScopes', { assignableScopes: [] }],
    ['the tenant as assignable scope', 'LinkedInvalidPropertyId', { assignableScopes: [root, '/'] }],
    [
      'a wildcard in an assignable scope',
      'LinkedInvalidPropertyId',
      { assignableScopes: [`${root}/resourceGroups/*`] },
    ],
    ['text for an assignable scope', 'LinkedInvalidPropertyId', { assignableScopes: ['Invalid_Scope'] }],
    [
      'two management groups',
      'LinkedInvalidPropertyId',
      {
        assignableScopes: ['a', 'b'].map(
          (name) => `/providers/Microsoft.Management/managementGroups/${name}`,
        ),
      },
    ],
    [
      'an action that nobody has',
      'InvalidActionOrNotAction',
      {},
      { actions: ['Microsoft.ContainerRegistry/registries/pull/raed'] },
    ],
    [
      'a wildcard that fits nothing',
      'InvalidActionOrNotAction',
      {},
      { notActions: ['Microsoft.Web/sites/*/eat'] },
    ],
    ['two wildcards', 'InvalidActionOrNotAction', {}, { actions: ['Microsoft.*/sites/*'] }],
    ['a word for an action', 'InvalidActionOrNotAction', {}, { actions: ['read'] }],
    ['a data action among the actions', 'InvalidActionOrNotAction', {}, { actions: [data] }],
    ['an action among the data actions', 'InvalidDataActionOrNotDataAction', {}, { dataActions: [pull] }],
    ['a number for a list', 'BadRequestFormat', { permissions: 1 }],
    ['a condition', 'NotImplemented', {}, { condition: 'true' }],
  ])('with %s is refused: %s', async (_name, code, given, permission) => {
    const { status, body } = await arm.call('PUT', newId(), custom('Refused', given, permission));
    expect([status, body.error.code]).toEqual([code === 'NotImplemented' ? 501 : 400, code]);
  });

  test('may name actions of providers that are not here', async () => {
    const actions = [
      '*/read',
      'Microsoft.Compute/virtualMachines/start/action',
      'Microsoft.Web/connections/Join/Action',
    ];
    expect((await arm.call('PUT', newId(), custom('Others', {}, { actions }))).status).toBe(201);
  });

  test('with a name that is no GUID, or without a body, is refused', async () => {
    expect((await arm.call('PUT', `${definitions}/x`, custom('X'))).body.error.code).toBe(
      'InvalidRoleDefinitionId',
    );
    expect((await arm.call('PUT', newId())).body.error.code).toBe('BadRequestFormat');
  });
});
