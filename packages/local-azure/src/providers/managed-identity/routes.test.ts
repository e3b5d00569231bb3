import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ArmServer, root, startArmServer, subscription } from '../../../test/arm-server.ts';

const group = `${root}/resourceGroups/blog`;
const identities = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities`;
const puller = `${identities}/puller`;
const body = { location: 'Japan East' };
let arm: ArmServer;

beforeEach(async () => {
  arm = await startArmServer();
  await arm.call('PUT', group, { body: { location: 'japaneast' } });
});
afterEach(async () => {
  expect(arm.errors).toEqual([]);
  await arm.close();
});

const refusal = async (method: string, path: string, body?: unknown) => {
  const answer = await arm.call(method, path, { body });
  return [answer.status, answer.body.error.code];
};

describe('a user-assigned identity', () => {
  test('is made once with its principal, and keeps it', async () => {
    const made = await arm.call('PUT', puller, { body: { ...body, tags: { env: 'test' } } });
    const { principalId, clientId } = made.body.properties;
    expect(made).toMatchObject({
      status: 201,
      body: {
        id: puller,
        name: 'puller',
        type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
        location: 'japaneast',
        tags: { env: 'test' },
        properties: { tenantId: subscription.tenantId, isolationScope: 'None' },
      },
    });
    expect(arm.principals.get(principalId)).toMatchObject({
      appId: clientId,
      kind: 'ManagedIdentity',
      displayName: 'puller',
      resourceId: puller,
    });
    const again = await arm.call('PUT', puller.toUpperCase().replace('SUBSCRIPTIONS', 'subscriptions'), {
      body,
    });
    expect(again).toMatchObject({ status: 200, body: { id: puller, tags: {} } });
    expect(again.body.properties).toEqual(made.body.properties);
    const patched = await arm.call('PATCH', puller, { body: { tags: { a: 'b' } } });
    expect(patched).toMatchObject({ status: 200, body: { location: 'japaneast', tags: { a: 'b' } } });
    expect((await arm.call('GET', puller)).body).toEqual(patched.body);
  });

  test('is listed in its group and in its subscription', async () => {
    await arm.call('PUT', puller, { body });
    const everywhere = `${root}/providers/Microsoft.ManagedIdentity/userAssignedIdentities`;
    for (const list of [identities, everywhere])
      expect((await arm.call('GET', list)).body.value).toMatchObject([{ name: 'puller' }]);
  });

  test('goes with its principal, and its grants stay behind', async () => {
    const { principalId } = (await arm.call('PUT', puller, { body })).body.properties;
    arm.grant(arm.principals.get(principalId)!, 'AcrPull', group);
    expect((await arm.call('DELETE', puller)).status).toBe(200);
    expect((await arm.call('DELETE', puller)).status).toBe(204);
    expect(await refusal('GET', puller)).toEqual([404, 'ResourceNotFound']);
    expect(arm.principals.get(principalId)).toBeUndefined();
    expect(arm.assignments.ofPrincipal(principalId)).toHaveLength(1);
    const anew = await arm.call('PUT', puller, { body });
    expect(anew.body.properties.principalId).not.toBe(principalId);
  });

  test('goes with its group, and its principal goes along', async () => {
    const { principalId } = (await arm.call('PUT', puller, { body })).body.properties;
    await arm.call('DELETE', group);
    await expect.poll(() => arm.principals.get(principalId)).toBeUndefined();
  });

  test.each([
    ['a short name', 'ab', body, 400, 'InvalidResourceName'],
    ['a dot in its name', 'a.bc', body, 400, 'InvalidResourceName'],
    ['no location', 'puller', {}, 400, 'LocationRequired'],
    ['an unknown location', 'puller', { location: 'atlantis' }, 400, 'LocationNotAvailableForResourceType'],
    ['a list for properties', 'puller', { ...body, properties: [] }, 400, 'InvalidRequestContent'],
    [
      'an isolation scope',
      'puller',
      { ...body, properties: { isolationScope: 'Regional' } },
      501,
      'NotImplemented',
    ],
    [
      'restrictions',
      'puller',
      { ...body, properties: { assignmentRestrictions: { providers: ['Microsoft.Compute'] } } },
      501,
      'NotImplemented',
    ],
  ])('with %s is refused', async (_what, name, wanted, status, code) => {
    expect(await refusal('PUT', `${identities}/${name}`, wanted)).toEqual([status, code]);
  });
});

describe('a federated credential', () => {
  const list = `${puller}/federatedIdentityCredentials`;
  const properties = {
    issuer: 'https://token.actions.githubusercontent.com',
    subject: 'repo:octo/app:ref:refs/heads/main',
    audiences: ['api://AzureADTokenExchange'],
  };
  const put = (name: string, change: object = {}) =>
    arm.call('PUT', `${list}/${name}`, { body: { properties: { ...properties, ...change } } });

  beforeEach(() => arm.call('PUT', puller, { body }));

  test('is made, listed, changed and deleted', async () => {
    const made = await put('github');
    expect(made).toMatchObject({
      status: 201,
      body: {
        id: `${list}/github`,
        name: 'github',
        type: 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials',
        properties,
      },
    });
    const changed = await put('GitHub', { subject: 'repo:octo/other' });
    expect(changed).toMatchObject({ status: 200, body: { name: 'github' } });
    expect((await arm.call('GET', `${list}/github`)).body).toEqual(changed.body);
    expect((await arm.call('GET', list)).body.value).toEqual([changed.body]);
    expect((await arm.call('DELETE', `${list}/github`)).status).toBe(200);
    expect((await arm.call('DELETE', `${list}/github`)).status).toBe(204);
    expect(await refusal('GET', `${list}/github`)).toEqual([404, 'ResourceNotFound']);
  });

  test('goes with its identity', async () => {
    await put('github');
    await arm.call('DELETE', puller);
    expect(await refusal('GET', list)).toEqual([404, 'ResourceNotFound']);
    await arm.call('PUT', puller, { body });
    expect((await arm.call('GET', list)).body.value).toEqual([]);
  });

  test('has an issuer and subject that no other of the identity has, and 20 are the most', async () => {
    await put('first');
    expect(await refusal('PUT', `${list}/second`, { properties })).toEqual([409, 'Conflict']);
    for (let n = 2; n <= 20; n++) expect((await put(`number${n}`, { subject: `s${n}` })).status).toBe(201);
    expect((await put('number21', { subject: 's21' })).body.error.message).toContain('at most 20');
    expect((await put('number20', { subject: 'changed' })).status).toBe(200);
  });

  test.each([
    ['a bad name', '-x-', {}, 400, 'InvalidResourceName'],
    ['no issuer', 'github', { issuer: undefined }, 400, 'InvalidRequestContent'],
    ['an issuer that is no URI', 'github', { issuer: 'github' }, 400, 'BadRequest'],
    ['no subject', 'github', { subject: '' }, 400, 'InvalidRequestContent'],
    ['two audiences', 'github', { audiences: ['a', 'b'] }, 400, 'InvalidRequestContent'],
    ['an expression', 'github', { claimsMatchingExpression: { value: 'x' } }, 501, 'NotImplemented'],
  ])('with %s is refused', async (_what, name, change, status, code) => {
    const answer = await put(name, change);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });
});
