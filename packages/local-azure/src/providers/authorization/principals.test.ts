import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ArmServer, root, startArmServer } from '../../../test/arm-server.ts';
import type { Group, User } from '../../entra/entra.ts';

// Users and groups as those to whom roles are assigned.

const scope = `${root}/resourceGroups/blog`;
const reader = `${root}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7`;
let arm: ArmServer;

beforeAll(async () => {
  arm = await startArmServer();
  await arm.call('PUT', scope, { body: { location: 'japaneast' } });
});
afterAll(() => arm.close());

let count = 0;
const createUser = (): Promise<User> => {
  count += 1;
  return arm.principals.createUser({
    ...{
      userPrincipalName: `ann${count}@localazure.onmicrosoft.com`,
      displayName: 'Ann',
      mailNickname: 'ann',
    },
    ...{ accountEnabled: true, password: 'a Password 1' },
  });
};
const createGroup = (): Group =>
  arm.principals.create({ kind: 'Group', displayName: 'Readers', mailNickname: 'readers' });
const assign = (principalId: string, principalType?: string) =>
  arm.call('PUT', `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`, {
    body: { properties: { roleDefinitionId: reader, principalId, principalType } },
  });
/** As when a token is issued. */
const signIn = (principal: User) => arm.principals.memberships.decideForToken(principal);
const read = async (as: User) => (await arm.call('GET', scope, { as })).status;
const list = async (filter: string) => {
  const path = `${scope}/providers/Microsoft.Authorization/roleAssignments?$filter=${encodeURIComponent(filter)}`;
  return (await arm.call('GET', path)).body.value.map(
    ({ properties }: { properties: { principalId: string } }) => properties.principalId,
  );
};

test('a role assignment notes what kind of principal it is for, and wants no other', async () => {
  const [user, group] = [await createUser(), createGroup()];
  for (const [id, type] of [
    [user.id, 'User'],
    [group.id, 'Group'],
  ] as const) {
    const refused = await assign(id, 'ServicePrincipal');
    expect([refused.status, refused.body.error.code]).toEqual([400, 'UnmatchedPrincipalType']);
    expect((await assign(id)).body.properties).toMatchObject({ principalId: id, principalType: type });
  }
});

test('a user is refused by name', async () => {
  const user = await createUser();
  const refused = await arm.call('GET', scope, { as: user });
  expect([refused.status, refused.body.error.message]).toEqual([
    403,
    expect.stringContaining(`The client '${user.userPrincipalName}' with object id '${user.id}'`),
  ]);
  await assign(user.id);
  expect(await read(user)).toBe(200);
});

describe('what is assigned to a group', () => {
  test('counts for its members, through groups in it too, from their next token', async () => {
    const user = await createUser();
    const [outer, inner] = [createGroup(), createGroup()];
    await assign(outer.id);
    arm.principals.memberships.add(outer.id, inner.id);
    arm.principals.memberships.add(inner.id, user.id);
    expect(await read(user)).toBe(403);
    signIn(user);
    expect(await read(user)).toBe(200);
    arm.principals.memberships.remove(inner.id, user.id);
    expect(await read(user)).toBe(200);
    signIn(user);
    expect(await read(user)).toBe(403);
  });

  test('is assigned to its members, and not to them by name', async () => {
    const user = await createUser();
    const group = createGroup();
    arm.principals.memberships.add(group.id, user.id);
    await assign(group.id);
    await assign(user.id);
    expect((await list(`assignedTo('${user.id}')`)).sort()).toEqual([group.id, user.id].sort());
    expect((await list(`atScope() and assignedTo('${user.id.toUpperCase()}')`)).length).toBe(2);
    expect(await list(`principalId eq '${user.id}'`)).toEqual([user.id]);
  });

  test('is among the permissions that a member is told of', async () => {
    const user = await createUser();
    const group = createGroup();
    arm.principals.memberships.add(group.id, user.id);
    await assign(group.id);
    signIn(user);
    const { body } = await arm.call('GET', `${scope}/providers/Microsoft.Authorization/permissions`, {
      as: user,
    });
    expect(body.value).toMatchObject([{ actions: ['*/read'] }]);
  });

  test('stays when the group is deleted, and counts until the token is renewed', async () => {
    const user = await createUser();
    const group = createGroup();
    arm.principals.memberships.add(group.id, user.id);
    await assign(group.id);
    signIn(user);
    arm.principals.delete(group.id);
    expect(arm.assignments.ofPrincipal(group.id)).toHaveLength(1);
    expect(await read(user)).toBe(200);
    signIn(user);
    expect(await read(user)).toBe(403);
  });
});
