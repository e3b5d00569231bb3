import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ArmServer, root, startArmServer } from '../../../test/arm-server.ts';

const group = `${root}/resourceGroups/blog`;
const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/hoge1`;
const type = 'Microsoft.Authorization/denyAssignments';
const everyone = { id: '00000000-0000-0000-0000-000000000000', type: 'SystemDefined' };
let arm: ArmServer;

beforeAll(async () => {
  arm = await startArmServer();
  await arm.call('PUT', group, { body: { location: 'japaneast' } });
  await arm.call('PUT', registry, { body: { location: 'japaneast', sku: { name: 'Basic' } } });
});
beforeEach(() => {
  for (const { scope, name } of arm.denyAssignments.around('/')) arm.denyAssignments.delete(scope, name);
});
afterAll(() => arm.close());

const path = (scope: string, name: string = crypto.randomUUID()) => `${scope}/providers/${type}/${name}`;
const other = crypto.randomUUID();
const denying = (properties: object = {}) => ({
  body: {
    properties: {
      denyAssignmentName: 'no deletes',
      permissions: [{ actions: ['*/delete'] }],
      principals: [everyone],
      excludePrincipals: [{ id: other, type: 'ServicePrincipal' }],
      ...properties,
    },
  },
});

test('one is made, read, listed, changed and deleted', async () => {
  const url = path(group);
  const permissions = [{ actions: ['Microsoft.Web/sites/delete'] }];
  const made = await arm.call('PUT', url, denying({ description: 'ours', permissions }));
  expect(made).toMatchObject({
    status: 201,
    body: {
      id: url,
      type,
      properties: {
        denyAssignmentName: 'no deletes',
        description: 'ours',
        scope: group,
        permissions: [{ ...permissions[0], notActions: [], dataActions: [], notDataActions: [] }],
        principals: [everyone],
        isSystemProtected: false,
        doNotApplyToChildScopes: false,
        denyAssignmentEffect: 'enforced',
      },
    },
  });
  expect((await arm.call('GET', url.toUpperCase())).body).toEqual(made.body);
  const list = async (scope: string, filter: string) => {
    const { body } = await arm.call(
      'GET',
      `${scope}/providers/${type}?$filter=${encodeURIComponent(filter)}`,
    );
    return body.value?.map(({ id }: { id: string }) => id) ?? body.error.code;
  };
  for (const [scope, filter, isFound] of [
    [root, '', true],
    [registry, '', true],
    [root, 'atScope()', false],
    [registry, 'atScope()', true],
    [group, "denyAssignmentName eq 'no deletes'", true],
    [group, "denyAssignmentName eq 'another'", false],
    [group, `principalId eq '${everyone.id}'`, true],
    [group, `principalId eq '${other}'`, false],
  ] as const)
    expect([scope, filter, await list(scope, filter)]).toEqual([scope, filter, isFound ? [url] : []]);
  expect(await list(group, 'other()')).toBe('InvalidFilterInQueryString');

  expect((await arm.call('PUT', url, denying({ denyAssignmentName: 'changed', permissions }))).status).toBe(
    200,
  );
  expect((await arm.call('DELETE', url)).body.properties.denyAssignmentName).toBe('changed');
  expect((await arm.call('DELETE', url)).status).toBe(204);
  expect((await arm.call('GET', url)).body.error.code).toBe('DenyAssignmentNotFound');
});

test('it wins over Owner, says so, and spares whom it excludes', async () => {
  const spared = arm.principal('spared');
  arm.grant(spared, 'Owner', group);
  const url = path(group);
  const excludePrincipals = [{ id: spared.id, type: 'ServicePrincipal' }];
  await arm.call('PUT', url, denying({ excludePrincipals }));
  const refused = await arm.call('DELETE', registry);
  expect([refused.status, refused.body.error]).toEqual([
    403,
    {
      code: 'DenyAssignmentAuthorizationFailed',
      message:
        `The client '${arm.owner.appId}' with object id '${arm.owner.id}' has permission to perform action ` +
        `'Microsoft.ContainerRegistry/registries/delete' on scope '${registry}'; however, the access is denied ` +
        `because of the deny assignment with name 'no deletes' and Id '${url.split('/').at(-1)!.replaceAll('-', '')}' ` +
        `at scope '${group}'.`,
    },
  ]);
  expect((await arm.call('PATCH', registry, { body: { tags: {} } })).status).toBe(200);
  expect((await arm.call('DELETE', `${registry}/webhooks/none`, { as: spared })).status).toBe(204);
  // It denies its own deletion too, and whom it spares can end that.
  expect((await arm.call('DELETE', url)).body.error.code).toBe('DenyAssignmentAuthorizationFailed');
  expect((await arm.call('DELETE', url, { as: spared })).status).toBe(200);
});

test('it holds for a member of a group from the next token', async () => {
  const member = await arm.principals.createUser({
    ...{ userPrincipalName: 'ann@localazure.onmicrosoft.com', displayName: 'Ann', mailNickname: 'ann' },
    ...{ accountEnabled: true, password: 'a Password 1' },
  });
  const team = arm.principals.create({ kind: 'Group', displayName: 'Team', mailNickname: 'team' });
  arm.grant(member, 'Owner', group);
  arm.denyAssignments.put(
    {
      name: crypto.randomUUID(),
      scope: group,
      denyAssignmentName: 'not the team',
      permissions: [{ actions: ['*'], notActions: ['*/write'], dataActions: [], notDataActions: [] }],
      principals: [{ id: team.id, type: 'Group' }],
      excludePrincipals: [],
      doNotApplyToChildScopes: false,
      isSystemProtected: true,
    },
    everyone.id,
  );
  const read = async () => (await arm.call('GET', registry, { as: member })).status;
  arm.principals.memberships.add(team.id, member.id);
  expect(await read()).toBe(200);
  arm.principals.memberships.decideForToken(member);
  expect(await read()).toBe(403);
  expect((await arm.call('PATCH', registry, { as: member, body: { tags: {} } })).status).toBe(200);
});

test('it goes with what it is on', async () => {
  await arm.call('PUT', path(registry), denying());
  arm.resources.delete(registry);
  expect(arm.denyAssignments.around('/')).toEqual([]);
  await arm.call('PUT', registry, { body: { location: 'japaneast', sku: { name: 'Basic' } } });
});

describe("what Azure's own are", () => {
  test('nobody changes or deletes them', async () => {
    const { id, denyAssignmentName } = arm.denyAssignments.put(
      {
        ...denying().body.properties,
        name: crypto.randomUUID(),
        scope: group,
        permissions: [{ actions: ['*/read'], notActions: [], dataActions: [], notDataActions: [] }],
        principals: [{ id: other, type: 'ServicePrincipal' }],
        doNotApplyToChildScopes: false,
        isSystemProtected: true,
      },
      everyone.id,
    );
    for (const answer of [await arm.call('PUT', id, denying()), await arm.call('DELETE', id)]) {
      expect([answer.status, answer.body.error.code]).toEqual([400, 'DenyAssignmentIsSystemProtected']);
      expect(answer.body.error.message).toContain(denyAssignmentName);
    }
  });
});

test('two at a scope have two names', async () => {
  await arm.call('PUT', path(group), denying());
  expect((await arm.call('PUT', path(group), denying())).body.error.code).toBe('DenyAssignmentExists');
  expect((await arm.call('PUT', path(registry), denying())).status).toBe(201);
});

const invalid = 'InvalidDenyAssignment';
const permission = (given: object) => ({ permissions: [{ actions: ['*/delete'], ...given }] });
test.each<[string, object, string]>([
  ['no name', { denyAssignmentName: '' }, 'BadRequestFormat'],
  ['no action', permission({ actions: [] }), invalid],
  ['a read', permission({ actions: ['Microsoft.ContainerRegistry/registries/pull/read'] }), invalid],
  ['all actions, which reads are among', permission({ actions: ['*'] }), invalid],
  ['data actions', permission({ dataActions: ['*'] }), invalid],
  ['its own scope alone', { doNotApplyToChildScopes: true }, invalid],
  ["Azure's protection", { isSystemProtected: true }, invalid],
  ['nobody', { principals: [] }, invalid],
  ['two principals', { principals: [everyone, { id: other, type: 'User' }] }, invalid],
  ['a group', { principals: [{ id: other, type: 'Group' }] }, invalid],
  ['a principal as everyone', { principals: [{ id: other, type: 'SystemDefined' }] }, invalid],
  ['everyone without exception', { excludePrincipals: [] }, invalid],
  ['everyone but everyone', { excludePrincipals: [everyone] }, invalid],
  ['a principal that is no GUID', { principals: [{ id: 'me', type: 'User' }] }, 'BadRequestFormat'],
  ['a principal of no kind', { principals: [{ id: other, type: 'Robot' }] }, 'BadRequestFormat'],
  ['the effect audit', { denyAssignmentEffect: 'audit' }, 'NotImplemented'],
  ['a condition', { condition: 'true' }, 'NotImplemented'],
  ['a condition of a permission', permission({ condition: 'true' }), 'NotImplemented'],
])('with %s it is refused', async (_name, properties, code) => {
  const { status, body } = await arm.call('PUT', path(group), denying(properties));
  expect([status, body.error.code]).toEqual([code === 'NotImplemented' ? 501 : 400, code]);
});

test('all actions but reads may be denied', async () => {
  const all = permission({ actions: ['*'], notActions: ['*/read'] });
  expect((await arm.call('PUT', path(registry), denying(all))).status).toBe(201);
});

test('with a name that is no GUID, or where nothing is, it is refused', async () => {
  expect((await arm.call('PUT', path(group, 'x'), denying())).body.error.code).toBe(
    'InvalidDenyAssignmentId',
  );
  expect((await arm.call('PUT', path(`${registry}2`), denying())).body.error.code).toBe('ResourceNotFound');
});
