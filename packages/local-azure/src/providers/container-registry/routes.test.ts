import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ArmServer, root, startArmServer } from '../../../test/arm-server.ts';

const group = `${root}/resourceGroups/blog`;
const registry = (name: string, inGroup = group) =>
  `${inGroup}/providers/Microsoft.ContainerRegistry/registries/${name}`;
const basic = { location: 'japaneast', sku: { name: 'basic' } };
const premium = { location: 'japaneast', sku: { name: 'Premium' } };
const ipRules = (values: string[]) => ({
  properties: {
    networkRuleSet: { defaultAction: 'Deny', ipRules: values.map((value) => ({ action: 'Allow', value })) },
  },
});
let arm: ArmServer;

beforeAll(async () => {
  arm = await startArmServer();
  for (const id of [group, `${group}2`]) await arm.call('PUT', id, { body: { location: 'japaneast' } });
});
afterAll(() => arm.close());

describe('a registry', () => {
  test('is made with the defaults of Azure, read, and deleted once', async () => {
    const made = await arm.call('PUT', registry('Hoge1'), { body: basic });
    expect(made).toMatchObject({
      status: 201,
      body: {
        id: registry('Hoge1'),
        name: 'Hoge1',
        type: 'Microsoft.ContainerRegistry/registries',
        location: 'japaneast',
        sku: { name: 'Basic', tier: 'Basic' },
        properties: {
          loginServer: 'hoge1.azurecr.io',
          adminUserEnabled: false,
          anonymousPullEnabled: false,
          publicNetworkAccess: 'Enabled',
          provisioningState: 'Succeeded',
          roleAssignmentMode: 'LegacyRegistryPermissions',
          policies: { azureADAuthenticationAsArmPolicy: { status: 'enabled' } },
        },
      },
    });
    expect((await arm.call('GET', registry('hoge1'))).body).toEqual(made.body);
    expect((await arm.call('DELETE', registry('HOGE1'))).status).toBe(200);
    expect((await arm.call('DELETE', registry('hoge1'))).status).toBe(204);
    expect([arm.created, arm.deleted]).toEqual([['hoge1.azurecr.io'], ['hoge1.azurecr.io']]);
    expect((await arm.call('GET', registry('hoge1'))).body.error.code).toBe('ResourceNotFound');
  });

  test('never shows its passwords but on request, and only with the admin user on', async () => {
    const id = registry('secret1');
    const made = await arm.call('PUT', id, { body: basic });
    const refused = await arm.call('POST', `${id}/listCredentials`);
    expect([refused.status, refused.body.error.code]).toEqual([400, 'UnAuthorizedForCredentialOperations']);
    const enabled = await arm.call('PATCH', id, { body: { properties: { adminUserEnabled: true } } });

    const { body: first } = await arm.call('POST', `${id}/listCredentials`);
    expect(first).toMatchObject({
      username: 'secret1',
      passwords: [{ name: 'password' }, { name: 'password2' }],
    });
    const renew = { body: { name: 'password2' } };
    const { body: second } = await arm.call('POST', `${id}/regenerateCredential`, renew);
    expect(second.passwords[0]).toEqual(first.passwords[0]);
    expect(second.passwords[1].value).not.toBe(first.passwords[1].value);
    expect(arm.facts('SECRET1.azurecr.io')).toMatchObject({
      id,
      adminUserEnabled: true,
      adminCredentials: {
        username: 'secret1',
        passwords: second.passwords.map((one: { value: string }) => one.value),
      },
    });

    const lists = [
      await arm.call('GET', `${root}/resources`),
      await arm.call('GET', id.replace(/\/\w+$/, '')),
    ];
    for (const { body } of [made, enabled, ...lists]) {
      expect(JSON.stringify(body)).not.toContain(first.passwords[0].value);
      expect(JSON.stringify(body)).not.toContain('adminPasswords');
    }
  });

  test('a name is taken in all of Azure, and free again after a deletion', async () => {
    const check = async (name: string) => {
      const body = { name, type: 'Microsoft.ContainerRegistry/registries' };
      return (
        await arm.call('POST', `${root}/providers/Microsoft.ContainerRegistry/checkNameAvailability`, {
          body,
        })
      ).body;
    };
    expect(await check('taken1')).toEqual({ nameAvailable: true });
    await arm.call('PUT', registry('taken1'), { body: basic });
    expect(await check('TAKEN1')).toMatchObject({ nameAvailable: false, reason: 'AlreadyInUse' });
    expect(await check('no-dash')).toMatchObject({ nameAvailable: false, reason: 'Invalid' });
    const second = await arm.call('PUT', registry('Taken1', `${group}2`), { body: basic });
    expect([second.status, second.body.error.code]).toEqual([409, 'AlreadyInUse']);
    expect((await arm.call('PUT', registry('taken1'), { body: basic })).status).toBe(200);
    await arm.call('DELETE', registry('taken1'));
    expect(await check('taken1')).toEqual({ nameAvailable: true });
  });

  test.each([
    ['a short name', 'abcd', basic, 400, 'InvalidResourceName'],
    ['no location', 'valid1', { sku: { name: 'Basic' } }, 400, 'LocationRequired'],
    [
      'an unknown location',
      'valid1',
      { ...basic, location: 'atlantis' },
      400,
      'LocationNotAvailableForResourceType',
    ],
    ['no sku', 'valid1', { location: 'japaneast' }, 400, 'InvalidRequest'],
    ['an unknown sku', 'valid1', { ...basic, sku: { name: 'Gold' } }, 400, 'UnsupportedSku'],
    [
      'a wrong type',
      'valid1',
      { ...basic, properties: { adminUserEnabled: 'yes' } },
      400,
      'InvalidRequestContent',
    ],
    [
      'a wrong word',
      'valid1',
      { ...basic, properties: { publicNetworkAccess: 'Maybe' } },
      400,
      'InvalidRequestContent',
    ],
    ['a list as body', 'valid1', [], 400, 'InvalidRequestContent'],
    [
      'a feature above its sku',
      'valid1',
      { ...basic, properties: { anonymousPullEnabled: true } },
      400,
      'FeatureNotSupportedInSku',
    ],
    [
      'a mode that is none',
      'valid1',
      { ...basic, properties: { roleAssignmentMode: 'AbacRegistryPermissions' } },
      400,
      'InvalidRequestContent',
    ],
    [
      'an IPv6 rule',
      'valid1',
      { ...premium, ...ipRules(['2001:db8::/32']) },
      400,
      'NetworkRuleValidationError',
    ],
    ['no range', 'valid1', { ...premium, ...ipRules(['203.0.113.0/33']) }, 400, 'NetworkRuleValidationError'],
    [
      'more than 100 rules',
      'valid1',
      { ...premium, ...ipRules(Array.from({ length: 101 }, (_, n) => `203.0.113.${n}`)) },
      400,
      'NetworkRuleValidationError',
    ],
    ['an identity', 'valid1', { ...basic, identity: { type: 'SystemAssigned' } }, 501, 'NotImplemented'],
  ])('with %s is refused', async (_name, name, body, status, code) => {
    const answer = await arm.call('PUT', registry(name), { body });
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });

  test('stays where it is', async () => {
    await arm.call('PUT', registry('stays1'), { body: basic });
    const moved = await arm.call('PUT', registry('stays1'), { body: { ...basic, location: 'japanwest' } });
    expect([moved.status, moved.body.error.code]).toEqual([409, 'InvalidResourceLocation']);
  });
});

describe('what the data plane is told', () => {
  test('whom the firewall lets in', async () => {
    const facts = () => arm.facts('facts1.azurecr.io')!.firewall;
    await arm.call('PUT', registry('facts1'), { body: premium });
    expect(facts()).toEqual({
      publicNetworkAccess: 'Enabled',
      networkRuleSet: { defaultAction: 'Allow', ipRules: [] },
    });
    const networkRuleSet = { defaultAction: 'deny', ipRules: [{ value: '203.0.113.0/24' }] };
    const properties = { publicNetworkAccess: 'disabled', networkRuleSet };
    await arm.call('PATCH', registry('facts1'), { body: { properties } });
    expect(facts()).toEqual({
      publicNetworkAccess: 'Disabled',
      networkRuleSet: { defaultAction: 'Deny', ipRules: [{ action: 'Allow', value: '203.0.113.0/24' }] },
    });
  });

  test('where blobs are read', async () => {
    const switched = async (dataEndpointEnabled: boolean) => {
      const properties = { dataEndpointEnabled };
      const { body } = await arm.call('PUT', registry('Facts3'), { body: { ...premium, properties } });
      return [body.properties.dataEndpointHostNames, arm.facts('facts3.azurecr.io')?.dataEndpoint];
    };
    const host = 'facts3.japaneast.data.azurecr.io';
    expect(await switched(true)).toEqual([[host], host]);
    expect(await switched(false)).toEqual([[], undefined]);
  });

  test('policies reach it, and an unknown host is none', async () => {
    const policies = { azureADAuthenticationAsArmPolicy: { status: 'disabled' } };
    await arm.call('PUT', registry('facts2'), { body: premium });
    await arm.call('PATCH', registry('facts2'), { body: { properties: { policies } } });
    expect(arm.facts('facts2.azurecr.io')?.azureADAuthenticationAsArmPolicy).toBe('disabled');
    expect(arm.facts('nothing.azurecr.io')).toBeUndefined();
  });

  test('the mode of role assignments can be chosen in every tier, and changed', async () => {
    const [abac, legacy] = ['AbacRepositoryPermissions', 'LegacyRegistryPermissions'];
    const properties = { roleAssignmentMode: 'abacRepositoryPermissions' };
    const made = await arm.call('PUT', registry('facts3'), { body: { ...basic, properties } });
    expect(made.body.properties.roleAssignmentMode).toBe(abac);
    for (const [body, mode] of [
      [{ tags: {} }, abac],
      [{ properties: { roleAssignmentMode: legacy } }, legacy],
      [{ properties }, abac],
    ] as const) {
      const changed = await arm.call('PATCH', registry('facts3'), { body });
      expect(changed.body.properties.roleAssignmentMode).toBe(mode);
      expect(arm.facts('facts3.azurecr.io')?.roleAssignmentMode).toBe(mode);
    }
  });
});

test('usages count what is stored against the limits of the tier', async () => {
  await arm.call('PUT', registry('usage1'), { body: basic });
  const { body } = await arm.call('GET', `${registry('usage1')}/listUsages`);
  expect(body.value[0]).toEqual({ name: 'Size', limit: 10 * 1024 ** 3, currentValue: 42, unit: 'Bytes' });
});

test.each(['replications', 'privateEndpointConnections'])(
  'there are no %s, and none can be made',
  async (type) => {
    await arm.call('PUT', registry('absent1'), { body: premium });
    expect((await arm.call('GET', `${registry('absent1')}/${type}`)).body).toEqual({ value: [] });
    const one = `${registry('absent1')}/${type}/westus`;
    expect((await arm.call('GET', one)).body.error.code).toBe('ResourceNotFound');
    const refused = await arm.call('PUT', one, { body: { location: 'westus' } });
    expect([refused.status, refused.body.error.code]).toEqual([501, 'NotImplemented']);
    expect((await arm.call('GET', `${registry('absent2')}/${type}`)).body.error.code).toBe(
      'ResourceNotFound',
    );
  },
);
