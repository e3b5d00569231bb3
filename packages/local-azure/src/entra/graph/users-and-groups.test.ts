import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type GraphCaller, startGraph } from '../../../test/graph-caller.ts';

let at: GraphCaller;

beforeEach(async () => {
  at = await startGraph();
});
afterEach(async () => {
  expect(at.faults).toEqual([]);
  await at.end();
});

// As azure-cli sends them.
const ann = {
  accountEnabled: true,
  displayName: 'Ann',
  mailNickname: 'ann',
  userPrincipalName: 'ann@localazure.onmicrosoft.com',
  passwordProfile: { password: 'a Password 1', forceChangePasswordNextSignIn: false },
};
const pullers = {
  displayName: 'Pullers',
  mailNickname: 'pullers',
  mailEnabled: false,
  securityEnabled: true,
};
const create = async (collection: string, body: object): Promise<string> => {
  const made = await at.call('POST', `/${collection}`, { body });
  expect(made.status).toBe(201);
  return made.body.id;
};
const reference = (id: string) => ({
  body: { '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${id}` },
});

describe('a user', () => {
  test('is made, found by name and by id, changed and deleted', async () => {
    const id = await create('users', ann);
    const shown = { id, displayName: 'Ann', userPrincipalName: ann.userPrincipalName };
    expect((await at.call('GET', `/users/${id}`)).body).toMatchObject(shown);
    expect((await at.call('GET', `/users/${ann.userPrincipalName.toUpperCase()}`)).body).toMatchObject(shown);
    expect(await at.find('users', `userPrincipalName eq '${ann.userPrincipalName}'`)).toMatchObject([shown]);
    expect(JSON.stringify((await at.call('GET', '/users')).body)).not.toContain('assword');

    const change = { displayName: 'Anna', userPrincipalName: 'anna@localazure.onmicrosoft.com' };
    expect((await at.call('PATCH', `/users/${id}`, { body: change })).status).toBe(204);
    expect((await at.call('GET', `/users/${change.userPrincipalName}`)).body).toMatchObject({
      id,
      ...change,
    });
    expect(await at.refusal('GET', `/users/${ann.userPrincipalName}`)).toEqual([
      404,
      'Request_ResourceNotFound',
    ]);
    expect((await at.call('DELETE', `/users/${id}`)).status).toBe(204);
    expect(await at.refusal('DELETE', `/users/${id}`)).toEqual([404, 'Request_ResourceNotFound']);
  });

  test('gets a new password', async () => {
    const id = await create('users', ann);
    const passwordProfile = { password: 'another One 2' };
    await at.call('PATCH', `/users/${id}`, { body: { passwordProfile } });
    expect(await at.directory.passwords.check(id, 'another One 2')).toBe(true);
    expect(await at.directory.passwords.check(id, 'a Password 1')).toBe(false);
  });

  test.each([
    ['no name', { userPrincipalName: undefined }, 400],
    ['a name without a domain', { userPrincipalName: 'ann' }, 400],
    ['a domain that is not the tenant’s', { userPrincipalName: 'ann@example.com' }, 400],
    ['a weak password', { passwordProfile: { password: 'password' } }, 400],
    ['a password of a wrong type', { passwordProfile: { password: 1 } }, 400],
    [
      'a password to change',
      { passwordProfile: { ...ann.passwordProfile, forceChangePasswordNextSignIn: true } },
      501,
    ],
    ['a department', { department: 'Sales' }, 501],
  ])('with %s is refused', async (_what, change, status) => {
    const refused = await at.call('POST', '/users', { body: { ...ann, ...change } });
    expect(refused.status).toBe(status);
    expect((await at.call('GET', '/users')).body.value).toEqual([]);
  });

  test('is one of its name, also when two are made at once', async () => {
    const both = await Promise.all([1, 2].map(() => at.call('POST', '/users', { body: ann })));
    expect(both.map(({ status }) => status).sort()).toEqual([201, 400]);
    const other = await create('users', { ...ann, userPrincipalName: 'bob@localazure.onmicrosoft.com' });
    const { userPrincipalName } = ann;
    expect((await at.call('PATCH', `/users/${other}`, { body: { userPrincipalName } })).status).toBe(400);
  });
});

describe('a group', () => {
  test('is made, found and deleted', async () => {
    const id = await create('groups', { ...pullers, description: 'Who may pull' });
    expect(await at.find('groups', "displayName eq 'Pullers' and mailNickname eq 'pullers'")).toMatchObject([
      { id, description: 'Who may pull', securityEnabled: true },
    ]);
    expect((await at.call('DELETE', `/groups/${id}`)).status).toBe(204);
    expect(await at.refusal('GET', `/groups/${id}`)).toEqual([404, 'Request_ResourceNotFound']);
  });

  test('has members of every kind, through other groups too', async () => {
    const [outer, inner, user] = [
      await create('groups', pullers),
      await create('groups', { ...pullers, displayName: 'Inner' }),
      await create('users', ann),
    ];
    const { id: app } = at.application.principal;
    for (const [group, member] of [
      [outer, inner],
      [inner, user],
      [inner, app],
    ] as const)
      expect((await at.call('POST', `/groups/${group}/members/$ref`, reference(member))).status).toBe(204);
    const { value } = (await at.call('GET', `/groups/${inner}/members`)).body;
    expect(value.map((one: { '@odata.type': string }) => one['@odata.type']).sort()).toEqual([
      '#microsoft.graph.servicePrincipal',
      '#microsoft.graph.user',
    ]);

    const all = [inner, outer].sort();
    const groupsOf = async (path: string) =>
      (await at.call('POST', `/${path}/getMemberGroups`, { body: { securityEnabledOnly: false } })).body
        .value;
    expect(await groupsOf(`users/${ann.userPrincipalName}`)).toEqual(all);
    expect(await groupsOf(`servicePrincipals/${app}`)).toEqual(all);
    expect(await groupsOf(`groups/${inner}`)).toEqual([outer]);
    const asked = { body: { groupIds: [outer, randomUUID()] } };
    expect((await at.call('POST', `/directoryObjects/${user}/checkMemberGroups`, asked)).body.value).toEqual([
      outer,
    ]);

    expect((await at.call('DELETE', `/groups/${inner}/members/${user}/$ref`)).status).toBe(204);
    expect(await at.refusal('DELETE', `/groups/${inner}/members/${user}/$ref`)).toEqual([
      404,
      'Request_ResourceNotFound',
    ]);
    expect(await groupsOf(`users/${user}`)).toEqual([]);
  });

  test('takes no member twice, and none that is not there', async () => {
    const group = await create('groups', pullers);
    const add = (body: unknown) => at.refusal('POST', `/groups/${group}/members/$ref`, { body });
    expect((await at.call('POST', `/groups/${group}/members/$ref`, reference(at.admin.id))).status).toBe(204);
    expect(await add(reference(at.admin.id).body)).toEqual([400, 'Request_BadRequest']);
    expect(await add(reference(randomUUID()).body)).toEqual([404, 'Request_ResourceNotFound']);
    expect(await add({ '@odata.id': 'https://example.com' })).toEqual([400, 'Request_BadRequest']);
  });

  test.each([
    ['no name', { displayName: '' }, 400],
    ['mail', { mailEnabled: true }, 501],
    ['the type Unified', { groupTypes: ['Unified'] }, 501],
  ])('with %s is refused', async (_what, change, status) => {
    expect((await at.call('POST', '/groups', { body: { ...pullers, ...change } })).status).toBe(status);
  });
});

test('/me is the user who signed in', async () => {
  const id = await create('users', ann);
  const azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
  const { user_code, device_code } = (
    await at.post('/organizations/oauth2/v2.0/devicecode', { client_id: azureCli, scope: 'User.Read' })
  ).body;
  const username = ann.userPrincipalName;
  await at.post('/common/oauth2/deviceauth', { code: user_code, username, password: 'a Password 1' });
  const { access_token } = (
    await at.post('/organizations/oauth2/v2.0/token', {
      ...{ grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code, client_id: azureCli },
    })
  ).body;
  const headers = { authorization: `Bearer ${access_token}` };
  expect((await at.ask('graph', '/v1.0/me', { headers })).body).toMatchObject({ id, displayName: 'Ann' });
  const denied = await at.ask('graph', '/v1.0/groups', {
    ...{ method: 'POST', headers, body: JSON.stringify(pullers) },
  });
  expect([denied.status, denied.body.error.code]).toEqual([403, 'Authorization_RequestDenied']);
});
