import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { app, group, plan, slot, startWebServer, type WebServer } from '../../../test/web-server.ts';

// Locks, as the gate enforces them for the routes of every provider.

const root = group.slice(0, group.indexOf('/resourceGroups'));
const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/hoge1`;
const lock = (scope: string, name = 'keep') => `${scope}/providers/Microsoft.Authorization/locks/${name}`;
let arm: WebServer;
let site: string;

beforeAll(async () => {
  arm = await startWebServer();
  await arm.call('PUT', registry, { body: { location: 'japaneast', sku: { name: 'Basic' } } });
  site = app(await arm.makeApp());
});
beforeEach(async () => {
  const { body } = await arm.call('GET', `${root}/providers/Microsoft.Authorization/locks`);
  for (const { id } of body.value) await arm.call('DELETE', id);
});
afterAll(() => arm.close());

const put = (scope: string, level: string, name?: string) =>
  arm.call('PUT', lock(scope, name), { body: { properties: { level, notes: 'ours' } } });
const outcome = async (method: string, path: string, body?: object) => {
  const answer = await arm.call(method, path, body ? { body } : {});
  return answer.body?.error?.code ?? answer.status;
};
const assignment = (scope: string) =>
  `${scope}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`;
const pullFor = (principalId: string) => ({
  properties: {
    roleDefinitionId: `${root}/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d`,
    principalId,
  },
});

test('a lock is made, read, listed, changed and deleted', async () => {
  const made = await put(group, 'CanNotDelete');
  const id = lock(group);
  expect(made).toMatchObject({
    status: 201,
    body: {
      id,
      name: 'keep',
      type: 'Microsoft.Authorization/locks',
      properties: { level: 'CanNotDelete', notes: 'ours' },
    },
  });
  expect((await arm.call('GET', id.toUpperCase())).body).toEqual(made.body);
  expect(await put(group, 'ReadOnly')).toMatchObject({
    status: 200,
    body: { properties: { level: 'ReadOnly' } },
  });
  expect((await arm.call('DELETE', id)).status).toBe(200);
  expect((await arm.call('DELETE', id)).status).toBe(204);
  expect(await outcome('GET', id)).toBe('LockNotFound');
});

test('a list shows what is at, above and below; with atScope() not below', async () => {
  for (const scope of [root, group, site, registry]) await put(scope, 'CanNotDelete');
  const list = async (scope: string, filter = '') => {
    const { body } = await arm.call('GET', `${scope}/providers/Microsoft.Authorization/locks${filter}`);
    return body.value.map(({ id }: { id: string }) => id).sort();
  };
  expect(await list(root)).toEqual([root, group, site, registry].map((scope) => lock(scope)).sort());
  expect(await list(site)).toEqual([root, group, site].map((scope) => lock(scope)).sort());
  expect(await list(group, '?$filter=atScope()')).toEqual([lock(root), lock(group)].sort());
  expect(await outcome('GET', `${group}/providers/Microsoft.Authorization/locks?$filter=x eq 'y'`)).toBe(
    'InvalidFilterInQueryString',
  );
});

describe('CanNotDelete', () => {
  test('keeps what it is on and what is in it, and lets everything else happen', async () => {
    await put(group, 'CanNotDelete');
    const refused = await arm.call('DELETE', registry);
    expect([refused.status, refused.body.error]).toEqual([
      409,
      {
        code: 'ScopeLocked',
        message:
          `The scope '${registry}' cannot perform delete operation because following scope(s) are locked: ` +
          `'${group}'. Please remove the lock and try again.`,
      },
    ]);
    expect(await outcome('DELETE', group)).toBe('ScopeLocked');
    expect(await outcome('PATCH', registry, { tags: { a: 'b' } })).toBe(200);
    expect(await outcome('POST', `${registry}/listCredentials`)).not.toBe('ScopeLocked');
    expect(await outcome('POST', `${site}/restart`)).toBe(200);
  });

  test('on a resource keeps its group, and nothing beside it', async () => {
    await put(registry, 'CanNotDelete');
    const refused = await arm.call('DELETE', group);
    expect(refused.body.error.message).toContain(`locked: '${registry}'.`);
    const other = app(await arm.makeApp());
    expect(await outcome('DELETE', other)).toBe(200);
  });

  test('on a slot keeps its app', async () => {
    const name = site.split('/').at(-1)!;
    await arm.call('PUT', slot(name), { body: { location: 'japaneast', properties: {} } });
    await put(slot(name), 'CanNotDelete');
    expect(await outcome('DELETE', site)).toBe('ScopeLocked');
    expect(await outcome('POST', `${site}/restart`)).toBe(200);
  });

  test('keeps role assignments, and lets new ones be made', async () => {
    const url = assignment(registry);
    await put(registry, 'CanNotDelete');
    expect(await outcome('PUT', url, pullFor(arm.principal('app').id))).toBe(201);
    expect(await outcome('DELETE', url)).toBe('ScopeLocked');
    await arm.call('DELETE', lock(registry));
    expect(await outcome('DELETE', url)).toBe(200);
  });
});

describe('ReadOnly', () => {
  test('lets nothing happen but reads, whatever a POST is for', async () => {
    await put(group, 'ReadOnly');
    expect(await outcome('GET', registry)).toBe(200);
    expect(await outcome('GET', `${registry}/listUsages`)).toBe(200);
    for (const [method, path, body] of [
      ['PUT', registry, { location: 'japaneast', sku: { name: 'Basic' } }],
      ['PATCH', registry, { tags: {} }],
      ['DELETE', registry],
      ['POST', `${registry}/listCredentials`],
      ['POST', `${site}/restart`],
      ['POST', `${site}/config/appsettings/list`],
      ['PUT', `${site}/config/web`, { properties: {} }],
      ['PATCH', plan('plan'), {}],
      ['PUT', assignment(registry), pullFor(arm.owner.id)],
      ['PUT', group, { location: 'japaneast' }],
    ] as const)
      expect([method, path, await outcome(method, path, body)]).toEqual([method, path, 'ScopeLocked']);
    const { body } = await arm.call('POST', `${registry}/listCredentials`);
    expect(body.error.message).toContain(
      'cannot perform write operation because following scope(s) are locked',
    );
  });

  test('below a scope does not keep it from being changed', async () => {
    await put(registry, 'ReadOnly');
    expect(await outcome('PATCH', group, { tags: { a: 'b' } })).toBe(200);
    expect(await outcome('POST', `${site}/restart`)).toBe(200);
    expect(await outcome('DELETE', group)).toBe('ScopeLocked');
  });

  test('lets locks be changed and taken away', async () => {
    await put(root, 'ReadOnly');
    expect((await put(group, 'CanNotDelete', 'second')).status).toBe(201);
    for (const id of [lock(group, 'second'), lock(root)]) expect(await outcome('DELETE', id)).toBe(200);
  });
});

test('who lacks the right hears of that, and not of the lock', async () => {
  await put(group, 'ReadOnly');
  const nobody = arm.principal('nobody');
  expect((await arm.call('DELETE', registry, { as: nobody })).body.error.code).toBe('AuthorizationFailed');
});

test('a Contributor does not lock, a Locks Contributor does', async () => {
  const body = { properties: { level: 'CanNotDelete' } };
  const statuses = ['Contributor', 'Locks Contributor'].map(async (role) => {
    const principal = arm.principal(role);
    arm.grant(principal, role, group);
    return (await arm.call('PUT', lock(group, role.replace(' ', '')), { as: principal, body })).status;
  });
  expect(await Promise.all(statuses)).toEqual([403, 201]);
});

test('a lock goes with what it is on', async () => {
  const other = app(await arm.makeApp());
  await put(other, 'ReadOnly');
  await arm.call('DELETE', lock(other));
  await put(other, 'CanNotDelete', 'left');
  arm.resources.delete(other);
  const { body } = await arm.call('GET', `${root}/providers/Microsoft.Authorization/locks`);
  expect(body.value).toEqual([]);
});

test.each([
  ['no such level', group, { properties: { level: 'NotSpecified' } }, 400, 'InvalidRequestContent'],
  ['no level', group, { properties: {} }, 400, 'InvalidRequestContent'],
  [
    'notes without end',
    group,
    { properties: { level: 'ReadOnly', notes: 'x'.repeat(513) } },
    400,
    'InvalidRequestContent',
  ],
  ['no body', group, undefined, 400, 'InvalidRequestContent'],
  [
    'a resource that is not there',
    `${registry}2`,
    { properties: { level: 'ReadOnly' } },
    404,
    'ResourceNotFound',
  ],
  [
    'a group that is not there',
    `${group}2`,
    { properties: { level: 'ReadOnly' } },
    404,
    'ResourceGroupNotFound',
  ],
])('with %s a lock is refused', async (_name, scope, body, status, code) => {
  const answer = await arm.call('PUT', lock(scope), body ? { body } : {});
  expect([answer.status, answer.body.error.code]).toEqual([status, code]);
});

test('above the subscription there are no locks, and a name cannot be anything', async () => {
  arm.grant(arm.owner, 'Owner', '/');
  expect(await outcome('PUT', lock(''), { properties: { level: 'ReadOnly' } })).toBe('InvalidLockScope');
  expect(await outcome('PUT', lock(group, 'a%3Fb'), { properties: { level: 'ReadOnly' } })).toBe(
    'InvalidLockName',
  );
});
