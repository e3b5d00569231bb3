import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ArmServer, root, startArmServer, subscription } from '../../../test/arm-server.ts';

const group = `${root}/resourceGroups/blog`;
const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/hoge1`;
const definitions = `${root}/providers/Microsoft.Authorization/roleDefinitions`;
const acrPull = `${definitions}/7f951dda-4ed3-4680-a7ca-43fe172d538d`;
const acrPush = `${definitions}/8311e382-0749-4cb8-b61a-304f252e45ec`;
const path = (scope: string, name: string = crypto.randomUUID()) =>
  `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;
const onlyTeam =
  "@Request[Microsoft.ContainerRegistry/registries/repositories:name] StringStartsWith 'team/'";
let arm: ArmServer;

beforeAll(async () => {
  arm = await startArmServer();
  await arm.call('PUT', group, { body: { location: 'japaneast' } });
  await arm.call('PUT', registry, { body: { location: 'japaneast', sku: { name: 'Basic' } } });
});
afterAll(() => arm.close());

const assign = (to: string, properties: Record<string, unknown> = {}) => ({
  body: { properties: { roleDefinitionId: acrPull, principalId: to, ...properties } },
});

describe('a role assignment', () => {
  test('is made, read, repeated and deleted', async () => {
    const { id } = arm.principal('app');
    const url = path(registry);
    const made = await arm.call('PUT', url, assign(id, { description: 'for the app' }));
    expect(made).toMatchObject({
      status: 201,
      body: {
        id: url,
        properties: {
          scope: registry,
          principalId: id,
          principalType: 'ServicePrincipal',
          roleDefinitionId: acrPull,
          description: 'for the app',
        },
      },
    });
    expect((await arm.call('GET', url.toUpperCase())).body.id).toBe(url);
    expect((await arm.call('PUT', url, assign(id, { description: 'changed' }))).status).toBe(200);
    expect((await arm.call('DELETE', url)).body.properties.description).toBe('changed');
    expect((await arm.call('DELETE', url)).status).toBe(204);
    expect((await arm.call('GET', url)).body.error.code).toBe('RoleAssignmentNotFound');
  });

  test('keeps its condition as it was given, until another or none is given', async () => {
    const url = path(registry);
    const { id } = arm.principal('conditional');
    const states = [
      [{ condition: onlyTeam }, onlyTeam, '2.0'],
      [{ condition: `(${onlyTeam})`, conditionVersion: '2.0' }, `(${onlyTeam})`, '2.0'],
      [{ condition: '', conditionVersion: '' }, null, null],
    ] as const;
    for (const [given, condition, conditionVersion] of states) {
      await arm.call('PUT', url, assign(id, given));
      expect((await arm.call('GET', url)).body.properties).toMatchObject({ condition, conditionVersion });
    }
  });

  test('for an unknown principal is refused, unless its type is given', async () => {
    const unknown = crypto.randomUUID();
    const refused = await arm.call('PUT', path(registry), assign(unknown));
    expect([refused.status, refused.body.error.code]).toEqual([400, 'PrincipalNotFound']);
    expect(refused.body.error.message).toContain(`Principal ${unknown.replaceAll('-', '')} does not exist`);
    const typed = await arm.call(
      'PUT',
      path(registry),
      assign(unknown, { principalType: 'ServicePrincipal' }),
    );
    expect(typed.status).toBe(201);
  });

  test('exists once for a scope, a role and a principal', async () => {
    const { id } = arm.principal('twice');
    const first = path(registry);
    await arm.call('PUT', first, assign(id));
    const second = await arm.call('PUT', path(registry.toUpperCase()), assign(id.toUpperCase()));
    expect([second.status, second.body.error.code]).toEqual([409, 'RoleAssignmentExists']);
    expect(second.body.error.message).toContain(first.split('/').at(-1)!.replaceAll('-', ''));
    expect((await arm.call('PUT', path(group), assign(id))).status).toBe(201);
  });

  test('keeps its principal, role and scope', async () => {
    const { id } = arm.principal('fixed');
    const name = crypto.randomUUID();
    await arm.call('PUT', path(registry, name), assign(id));
    const changes = [
      arm.call('PUT', path(registry, name), assign(arm.principal('else').id)),
      arm.call('PUT', path(registry, name), assign(id, { roleDefinitionId: acrPush })),
      arm.call('PUT', path(group, name), assign(id)),
    ];
    for (const { body } of await Promise.all(changes)) {
      expect(body.error.code).toBe('RoleAssignmentUpdateNotPermitted');
    }
  });

  test.each([
    ['a name that is no GUID', path(group, 'name'), {}, 400, 'InvalidRoleAssignmentId'],
    ['a principal that is no GUID', path(group), { principalId: 'me' }, 400, 'InvalidPrincipalId'],
    ['no role', path(group), { roleDefinitionId: undefined }, 400, 'BadRequestFormat'],
    ['a bare role', path(group), { roleDefinitionId: 'AcrPull' }, 400, 'BadRequestFormat'],
    [
      'an unknown role',
      path(group),
      { roleDefinitionId: `${definitions}/${crypto.randomUUID()}` },
      404,
      'RoleDefinitionDoesNotExist',
    ],
    ['the wrong type', path(group), { principalType: 'User' }, 400, 'UnmatchedPrincipalType'],
    ['a type that is none', path(group), { principalType: 'Robot' }, 400, 'BadRequestFormat'],
    ['a condition that is none', path(group), { condition: 'true' }, 400, 'InvalidCondition'],
    [
      'a condition of version 1.0',
      path(group),
      { condition: onlyTeam, conditionVersion: '1.0' },
      400,
      'InvalidCondition',
    ],
    [
      'a condition on what is not here',
      path(group),
      { condition: "@Principal[team] StringEquals 'a'" },
      501,
      'NotImplemented',
    ],
    ['a resource that is not there', path(`${registry}2`), {}, 404, 'ResourceNotFound'],
    ['a group that is not there', path(`${group}2`), {}, 404, 'ResourceGroupNotFound'],
  ])('with %s is refused', async (_name, url, properties, status, code) => {
    const answer = await arm.call('PUT', url, assign(arm.owner.id, properties));
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });

  test('with no body at all is refused', async () => {
    expect((await arm.call('PUT', path(group))).body.error.code).toBe('BadRequestFormat');
  });
});

describe('the list of role assignments', () => {
  test('shows what is at, above and below a scope, and what its filter leaves', async () => {
    const app = arm.principal('listed');
    const [atGroup, atRegistry] = [path(group), path(registry)];
    await arm.call('PUT', atGroup, assign(app.id));
    await arm.call('PUT', atRegistry, assign(app.id));
    const list = async (scope: string, filter: string) => {
      const url = `${scope}/providers/Microsoft.Authorization/roleAssignments?$filter=${encodeURIComponent(filter)}`;
      const { body } = await arm.call('GET', url);
      return body.value.map((one: { id: string }) => one.id);
    };
    expect((await list(group, `principalId eq '${app.id}'`)).sort()).toEqual([atGroup, atRegistry].sort());
    expect(await list(group, `atScope() and assignedTo('${app.id}')`)).toEqual([atGroup]);
    expect((await list(registry, `assignedTo('${app.id}')`)).sort()).toEqual([atGroup, atRegistry].sort());
    expect(await list(group, `principalId eq '${arm.owner.id}'`)).toHaveLength(1);
    expect(await list(`${root}/resourceGroups/BLOG`, `principalId eq '${app.id}'`)).toHaveLength(2);
    const elsewhere = `${root}/resourceGroups/elsewhere`;
    await arm.call('PUT', elsewhere, { body: { location: 'japaneast' } });
    expect(await list(elsewhere, `principalId eq '${app.id}'`)).toEqual([]);
  });

  test.each(["colour eq 'red'", 'atScope() and other()', "principalId eq 'x' and colour eq 'red'"])(
    'refuses the filter %s',
    async (filter) => {
      const url = `${group}/providers/Microsoft.Authorization/roleAssignments?$filter=${encodeURIComponent(filter)}`;
      expect((await arm.call('GET', url)).body.error.code).toBe('InvalidFilterInQueryString');
    },
  );
});

describe('permissions', () => {
  test('are those of the caller at the scope', async () => {
    const reader = arm.principal('reader');
    arm.grant(reader, 'Reader', group);
    for (const scope of [group, registry]) {
      const url = `${scope}/providers/Microsoft.Authorization/permissions`;
      const { body } = await arm.call('GET', url, { as: reader });
      expect(body.value).toMatchObject([{ actions: ['*/read'], condition: null }]);
    }
  });
});

describe('scopes above the subscription', () => {
  const managementGroup = `/providers/Microsoft.Management/managementGroups/${subscription.tenantId}`;

  test('what is assigned at the management group counts in the subscription, and is listed there', async () => {
    const admin = arm.principal('admin');
    arm.grant(admin, 'User Access Administrator', '/');
    const reader = arm.principal('reader of all');
    const url = path(managementGroup);
    const body = assign(reader.id, {
      roleDefinitionId:
        '/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7',
    });
    expect((await arm.call('PUT', url, { ...body, as: arm.owner })).status).toBe(403);
    expect((await arm.call('PUT', url, { ...body, as: admin })).body).toMatchObject({
      id: url,
      properties: { scope: managementGroup },
    });
    expect((await arm.call('GET', registry, { as: reader })).status).toBe(200);
    expect((await arm.call('GET', '/subscriptions', { as: reader })).body.value).toHaveLength(1);
    for (const scope of ['', managementGroup, root, registry]) {
      const list = `${scope}/providers/Microsoft.Authorization/roleAssignments?$filter=principalId%20eq%20'${reader.id}'`;
      const { body } = await arm.call('GET', list, { as: admin });
      expect(body.value).toMatchObject([
        {
          id: url,
          properties: {
            roleDefinitionId: expect.stringMatching(
              new RegExp(`^${scope.startsWith(root) ? root : ''}/providers/Microsoft.Authorization/role`),
            ),
          },
        },
      ]);
    }
    // As az deletes: by the id alone.
    expect((await arm.call('DELETE', `/${url}`, { as: admin })).status).toBe(200);
    expect((await arm.call('GET', registry, { as: reader })).status).toBe(403);
  });

  test('the tenant is a scope', async () => {
    const admin = arm.principal('tenant admin');
    arm.grant(admin, 'User Access Administrator', '/');
    const reader = arm.principal('reader of the tenant');
    const made = await arm.call('PUT', path(''), { ...assign(reader.id), as: admin });
    expect(made.body.properties.scope).toBe('/');
    expect((await arm.call('GET', made.body.id, { as: admin })).body).toEqual(made.body);
  });

  test('a management group that is not there is no scope', async () => {
    const admin = arm.principal('another admin');
    arm.grant(admin, 'User Access Administrator', '/');
    const nowhere = path('/providers/Microsoft.Management/managementGroups/other');
    const refused = await arm.call('PUT', nowhere, { ...assign(admin.id), as: admin });
    expect([refused.status, refused.body.error.code]).toEqual([404, 'NotFound']);
  });

  test('a slot is a scope, which ends at its app', () => {
    const slot = `${group}/providers/Microsoft.Web/sites/app/slots/staging`;
    const deployer = arm.principal('deployer');
    arm.grant(deployer, 'Website Contributor', slot);
    const may = (scope: string) =>
      arm.access.allowed(deployer.id, 'Microsoft.Web/sites/slots/restart/Action', scope);
    expect([may(slot), may(slot.slice(0, -'/slots/staging'.length))]).toEqual([true, false]);
  });
});
