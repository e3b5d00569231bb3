import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { app, group, siteBody, slot, startWebServer, type WebServer } from '../../../test/web-server.ts';

let at: WebServer;
let userAssigned: string;
let count = 0;

beforeAll(async () => {
  at = await startWebServer();
  userAssigned = await makeIdentity();
});
afterAll(() => at.close());

const identities = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities`;
async function makeIdentity(): Promise<string> {
  count += 1;
  const made = await at.call('PUT', `${identities}/puller${count}`, { body: { location: 'japaneast' } });
  expect(made.status).toBe(201);
  return made.body.id;
}
const propertiesOf = async (id: string) => {
  const { principalId, clientId } = (await at.call('GET', id)).body.properties;
  return { principalId, clientId };
};
const identityOf = async (id: string, identity: object) =>
  (await at.call('PATCH', id, { body: { identity } })).body.identity;
const withSlot = async () => {
  const name = await at.makeApp();
  await at.call('PUT', slot(name), { body: siteBody() });
  return name;
};

describe.each([
  ['an app', app],
  ['a slot', (name: string) => slot(name)],
])('the system-assigned identity of %s', (_kind, siteOf) => {
  test('is made once, survives other writes, and comes back as another', async () => {
    const name = await withSlot();
    const site = siteOf(name);
    const first = await identityOf(site, { type: 'SystemAssigned' });
    expect(first).toMatchObject({
      type: 'SystemAssigned',
      principalId: expect.any(String),
      tenantId: expect.any(String),
    });
    expect(at.principals.get(first.principalId)).toMatchObject({
      displayName: site.slice(site.indexOf(name)),
      resourceId: site,
    });
    expect(await identityOf(site, { type: 'SystemAssigned' })).toEqual(first);
    await at.call('PUT', site, { body: siteBody() });
    expect((await at.call('GET', site)).body.identity).toEqual(first);
    expect(await identityOf(site, { type: 'None' })).toBeUndefined();
    expect(at.principals.get(first.principalId)).toBeUndefined();
    expect((await identityOf(site, { type: 'SystemAssigned' })).principalId).not.toBe(first.principalId);
  });

  test.each(['turned off', 'deleted'])('leaves its grants behind when it is %s', async (how) => {
    const site = siteOf(await withSlot());
    const { principalId } = await identityOf(site, { type: 'SystemAssigned' });
    const principal = at.principals.get(principalId)!;
    at.grant(principal, 'AcrPull', group);
    // A grant at the site is another matter: it goes with the site.
    at.grant(principal, 'Reader', site);
    if (how === 'deleted') await at.call('DELETE', site);
    else await identityOf(site, { type: 'None' });
    expect(at.principals.get(principalId)).toBeUndefined();
    const left = at.assignments.ofPrincipal(principalId).map(({ scope }) => scope);
    expect(left).toEqual(how === 'deleted' ? [group] : [group, site]);
  });
});

describe.each([
  ['an app', app],
  ['a slot', (name: string) => slot(name)],
])('a user-assigned identity, on %s', (_kind, siteOf) => {
  test('is attached beside the system-assigned one, and detached', async () => {
    const site = siteOf(await withSlot());
    const properties = await propertiesOf(userAssigned);
    const both = await identityOf(site, {
      type: 'SystemAssigned, UserAssigned',
      userAssignedIdentities: { [userAssigned.toUpperCase()]: {} },
    });
    expect(both).toMatchObject({
      type: 'SystemAssigned, UserAssigned',
      principalId: expect.any(String),
      userAssignedIdentities: { [userAssigned]: properties },
    });
    expect(at.sites.spec(site)!.identity.userAssigned).toEqual([{ resourceId: userAssigned, ...properties }]);
    const one = await identityOf(site, { type: 'UserAssigned' });
    expect(one).toEqual({ type: 'UserAssigned', userAssignedIdentities: { [userAssigned]: properties } });
    expect(await identityOf(site, { type: 'SystemAssigned' })).not.toHaveProperty('userAssignedIdentities');
  });

  test('is one of many: a PATCH changes those that it names, a PUT names them all', async () => {
    const site = siteOf(await withSlot());
    const other = await makeIdentity();
    const attached = async (method: string, userAssignedIdentities: object) => {
      const identity = { type: 'UserAssigned', userAssignedIdentities };
      const { body } = await at.call(method, site, { body: siteBody({}, { identity }) });
      return Object.keys(body.identity.userAssignedIdentities);
    };
    expect(await attached('PATCH', { [userAssigned]: {} })).toEqual([userAssigned]);
    expect(await attached('PATCH', { [other]: {} })).toEqual([userAssigned, other]);
    expect(await attached('PATCH', { [userAssigned]: null })).toEqual([other]);
    expect(await attached('PUT', { [userAssigned]: {} })).toEqual([userAssigned]);
  });

  test('stays listed when it is deleted, as it was, and is another when it is made anew', async () => {
    const site = siteOf(await withSlot());
    const id = await makeIdentity();
    const identity = { type: 'UserAssigned', userAssignedIdentities: { [id]: {} } };
    const attached = await identityOf(site, identity);
    await at.call('DELETE', id);
    expect((await at.call('GET', site)).body.identity).toEqual(attached);
    await at.call('PUT', id, { body: { location: 'japaneast' } });
    expect(await identityOf(site, identity)).toEqual(attached);
    await identityOf(site, { type: 'None' });
    const { principalId } = (await identityOf(site, identity)).userAssignedIdentities[id];
    expect(principalId).toBe((await propertiesOf(id)).principalId);
    expect(principalId).not.toBe(attached.userAssignedIdentities[id].principalId);
  });

  test.each(['PUT', 'PATCH'])('with a %s takes a right of its own at the identity', async (method) => {
    const site = siteOf(await withSlot());
    const deployer = at.principal('deployer');
    at.grant(deployer, 'Website Contributor', group);
    const identity = { type: 'UserAssigned', userAssignedIdentities: { [userAssigned]: {} } };
    const write = () => at.call(method, site, { as: deployer, body: siteBody({}, { identity }) });
    const refused = await write();
    const action = site.includes('/slots/') ? 'Microsoft.Web/sites/slots/Write' : 'Microsoft.Web/sites/Write';
    expect([refused.status, refused.body.error]).toEqual([
      403,
      {
        code: 'LinkedAuthorizationFailed',
        message:
          `The client '${deployer.appId}' with object id '${deployer.id}' has permission to perform action ` +
          `'${action}' on scope '${site}'; however, it does not have permission to perform action ` +
          "'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action' on the linked scope(s) " +
          `'${userAssigned}' or the linked scope(s) are invalid.`,
      },
    ]);
    expect((await at.call('GET', site)).body.identity).toBeUndefined();
    at.grant(deployer, 'Managed Identity Operator', userAssigned);
    expect((await write()).status).toBe(200);
    // To detach it takes none.
    at.assignments.delete(
      userAssigned,
      at.assignments.ofPrincipal(deployer.id).find(({ scope }) => scope === userAssigned)!.name,
    );
    const detach = { type: 'UserAssigned', userAssignedIdentities: { [userAssigned]: null } };
    const detached = await at.call(method, site, { as: deployer, body: siteBody({}, { identity: detach }) });
    expect([detached.status, detached.body.identity.userAssignedIdentities]).toEqual([200, {}]);
  });
});

test.each([
  [
    'that does not exist',
    { type: 'UserAssigned', userAssignedIdentities: { [`${identities}/none`]: {} } },
    'FailedIdentityOperation',
  ],
  [
    'that is something else',
    { type: 'UserAssigned', userAssignedIdentities: { [group]: {} } },
    'FailedIdentityOperation',
  ],
  ['of an unknown type', { type: 'Borrowed' }, 'InvalidIdentityType'],
  ['of two types that exclude each other', { type: 'None, SystemAssigned' }, 'InvalidIdentityType'],
  ['of a wrong form', { type: 'UserAssigned', userAssignedIdentities: 'all' }, 'InvalidRequestContent'],
])('an identity %s is refused', async (_what, identity, code) => {
  const site = app(await at.makeApp());
  const refused = await at.call('PATCH', site, { body: { identity } });
  expect([refused.status, refused.body.error.code]).toEqual([400, code]);
  expect((await at.call('GET', site)).body.identity).toBeUndefined();
});
