import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ArmServer, root, startArmServer } from '../../../test/arm-server.ts';
import { hashSecret } from '../../secret.ts';

const group = `${root}/resourceGroups/blog`;
const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/hoge1`;
const other = `${group}/providers/Microsoft.ContainerRegistry/registries/hoge2`;
const scopeMap = (name: string) => `${registry}/scopeMaps/${name}`;
const token = (name: string) => `${registry}/tokens/${name}`;
const actions = ['repositories/team/*/content/read'];
let arm: ArmServer;

beforeAll(async () => {
  arm = await startArmServer();
  await arm.call('PUT', group, { body: { location: 'japaneast' } });
  for (const id of [registry, other]) {
    await arm.call('PUT', id, { body: { location: 'japaneast', sku: { name: 'Basic' } } });
  }
  await arm.call('PUT', scopeMap('team-map'), { body: { properties: { actions } } });
  await arm.call('PUT', `${other}/scopeMaps/other-map`, { body: { properties: { actions } } });
});
afterAll(() => arm.close());

const putToken = (name: string, properties: Record<string, unknown> = {}) =>
  arm.call('PUT', token(name), { body: { properties: { scopeMapId: scopeMap('team-map'), ...properties } } });
const generate = (body: Record<string, unknown>) =>
  arm.call('POST', `${registry}/generateCredentials`, { body });
/** What the data plane knows of a token. */
const facts = (name: string) => arm.facts('hoge1.azurecr.io')!.findToken(name);

describe('a scope map', () => {
  test('is made, read, changed and deleted', async () => {
    const id = scopeMap('MyScopeMap');
    const made = await arm.call('PUT', id, { body: { properties: { description: 'Mine', actions } } });
    expect(made).toMatchObject({
      status: 200,
      body: {
        id,
        name: 'MyScopeMap',
        type: 'Microsoft.ContainerRegistry/registries/scopeMaps',
        properties: { type: 'UserDefined', description: 'Mine', actions, provisioningState: 'Succeeded' },
      },
    });
    expect((await arm.call('GET', id.toLowerCase())).body).toEqual(made.body);
    const more = ['repositories/app/content/delete'];
    const changed = await arm.call('PATCH', id, { body: { properties: { actions: more } } });
    expect(changed.body.properties).toMatchObject({ description: 'Mine', actions: more });
    expect((await arm.call('DELETE', id)).status).toBe(200);
    expect((await arm.call('DELETE', id)).status).toBe(204);
    const { status, body } = await arm.call('GET', id);
    expect([status, body.error.code]).toEqual([404, 'ResourceNotFound']);
  });

  test('of the system is in every registry, and stays as it is', async () => {
    const { body } = await arm.call('GET', `${registry}/scopeMaps`);
    const kinds = body.value.map((one: { name: string; properties: { type: string } }) => [
      one.name,
      one.properties.type,
    ]);
    expect(kinds).toEqual([
      ['_repositories_admin', 'SystemDefined'],
      ['_repositories_pull', 'SystemDefined'],
      ['_repositories_pull_metadata_read', 'SystemDefined'],
      ['_repositories_push', 'SystemDefined'],
      ['_repositories_push_metadata_write', 'SystemDefined'],
      ['team-map', 'UserDefined'],
    ]);
    const id = scopeMap('_Repositories_Pull');
    expect((await arm.call('GET', id)).body.properties.actions).toEqual(['repositories/*/content/read']);
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const refused = await arm.call(method, id, { body: { properties: { actions: [] } } });
      expect([refused.status, refused.body.error.code]).toEqual([400, 'InvalidRequest']);
    }
  });

  test.each([
    ['a short name', 'map', actions, 400, 'InvalidResourceName'],
    ['a name with a dot', 'my.map.1', actions, 400, 'InvalidResourceName'],
    ['no actions', 'valid-map', undefined, 400, 'InvalidRequestContent'],
    ['an action that is none', 'valid-map', ['repositories/app/content/own'], 400, 'InvalidRequest'],
    ['a wildcard in the middle', 'valid-map', ['repositories/a/*/b/content/read'], 400, 'InvalidRequest'],
    ['too many actions', 'valid-map', Array(501).fill(actions[0]), 400, 'InvalidRequest'],
    ['an action of a connected registry', 'valid-map', ['gateway/edge/config/read'], 501, 'NotImplemented'],
  ])('with %s is refused', async (_name, name, given, status, code) => {
    const answer = await arm.call('PUT', scopeMap(name), { body: { properties: { actions: given } } });
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });
});

describe('a token', () => {
  test('is made, read, changed and deleted', async () => {
    const made = await putToken('MyToken');
    expect(made).toMatchObject({
      status: 201,
      body: {
        id: token('MyToken'),
        name: 'MyToken',
        type: 'Microsoft.ContainerRegistry/registries/tokens',
        properties: {
          scopeMapId: scopeMap('team-map'),
          status: 'enabled',
          credentials: { passwords: [] },
          provisioningState: 'Succeeded',
        },
      },
    });
    expect((await arm.call('GET', token('mytoken'))).body).toEqual(made.body);
    expect((await putToken('MyToken')).status).toBe(200);
    const properties = { scopeMapId: scopeMap('_repositories_push'), status: 'Disabled' };
    const changed = await arm.call('PATCH', token('MyToken'), { body: { properties } });
    expect(changed.body.properties).toMatchObject({ ...properties, status: 'disabled' });
    const { body } = await arm.call('GET', `${registry}/tokens`);
    expect(body.value).toEqual([changed.body]);
    expect((await arm.call('DELETE', token('MyToken'))).status).toBe(200);
    expect((await arm.call('DELETE', token('MyToken'))).status).toBe(204);
    expect((await arm.call('GET', token('MyToken'))).body.error.code).toBe('ResourceNotFound');
  });

  test.each([
    ['a short name', 'abcd', {}, 400, 'InvalidResourceName'],
    ['an underscore', 'my_token', {}, 400, 'InvalidResourceName'],
    ['no scope map', 'valid-token', { scopeMapId: undefined }, 400, 'InvalidRequest'],
    [
      'a scope map that is not there',
      'valid-token',
      { scopeMapId: scopeMap('nothing') },
      400,
      'InvalidRequest',
    ],
    [
      'a scope map of another registry',
      'valid-token',
      { scopeMapId: `${other}/scopeMaps/other-map` },
      400,
      'InvalidRequest',
    ],
    [
      'a system scope map of another registry',
      'valid-token',
      { scopeMapId: `${other}/scopeMaps/_repositories_pull` },
      400,
      'InvalidRequest',
    ],
    ['a status that is none', 'valid-token', { status: 'asleep' }, 400, 'InvalidRequestContent'],
    [
      'a password of its own',
      'valid-token',
      { credentials: { passwords: [{ name: 'password1', value: 'secret' }] } },
      400,
      'InvalidRequest',
    ],
    [
      'a certificate',
      'valid-token',
      { credentials: { certificates: [{ name: 'certificate1' }] } },
      501,
      'NotImplemented',
    ],
  ])('with %s is refused', async (_name, name, properties, status, code) => {
    const answer = await putToken(name, properties);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(facts(name)).toBeUndefined();
  });

  test('loses its permissions with its scope map, and goes with its registry', async () => {
    const [map, name] = [scopeMap('short-lived'), 'orphan'];
    await arm.call('PUT', map, { body: { properties: { actions } } });
    await putToken(name, { scopeMapId: map });
    expect(facts(name)?.actions).toEqual(actions);
    expect((await arm.call('DELETE', map)).status).toBe(200);
    expect(facts(name)?.actions).toEqual([]);

    const third = `${group}/providers/Microsoft.ContainerRegistry/registries/hoge3`;
    const make = () => arm.call('PUT', third, { body: { location: 'japaneast', sku: { name: 'Basic' } } });
    await make();
    const scopeMapId = `${third}/scopeMaps/_repositories_admin`;
    await arm.call('PUT', `${third}/tokens/admin-token`, { body: { properties: { scopeMapId } } });
    await arm.call('DELETE', third);
    await make();
    expect(arm.facts('hoge3.azurecr.io')!.findToken('admin-token')).toBeUndefined();
  });

  test('a tier has room for so many', async () => {
    const full = `${group}/providers/Microsoft.ContainerRegistry/registries/hoge4`;
    await arm.call('PUT', full, { body: { location: 'japaneast', sku: { name: 'Basic' } } });
    const properties = { scopeMapId: `${full}/scopeMaps/_repositories_pull` };
    const put = (number: number) =>
      arm.call('PUT', `${full}/tokens/token-${number}`, { body: { properties } });
    await Promise.all(Array.from({ length: 100 }, (_, number) => put(number)));
    const refused = await put(100);
    expect([refused.status, refused.body.error.code]).toEqual([403, 'QuotaExceeded']);
    expect((await put(99)).status).toBe(200);
  });
});

describe('the passwords of a token', () => {
  test('are shown once, kept as hashes only, and replaced one by one', async () => {
    const name = 'with-passwords';
    await putToken(name);
    const both = await generate({ tokenId: token(name) });
    expect(both.status).toBe(200);
    expect(both.body.username).toBe(name);
    const [first, second] = both.body.passwords.map((one: { value: string }) => one.value);
    expect(both.body.passwords).toMatchObject([{ name: 'password1' }, { name: 'password2' }]);
    expect(first).toMatch(/^[\w+/]{32}$/);
    expect(first).not.toBe(second);

    const expiry = '2026-12-01T09:00:00+09:00';
    const renewed = await generate({ tokenId: token(name).toUpperCase(), name: 'password2', expiry });
    const [third] = renewed.body.passwords;
    expect(renewed.body.passwords).toMatchObject([{ name: 'password2', expiry: '2026-12-01T00:00:00.000Z' }]);
    expect(facts(name)).toMatchObject({
      name,
      status: 'enabled',
      passwords: [
        { hash: hashSecret(first) },
        { hash: hashSecret(third.value), expiry: Date.UTC(2026, 11, 1) },
      ],
      actions,
    });

    const shown = await arm.call('GET', token(name));
    expect(shown.body.properties.credentials.passwords).toMatchObject([
      { name: 'password1', creationTime: expect.any(String) },
      { name: 'password2', expiry: '2026-12-01T00:00:00.000Z' },
    ]);
    const stored = JSON.stringify([shown.body, arm.resources.get(token(name))]);
    for (const secret of [first, second, third.value]) expect(stored).not.toContain(secret);
    expect(JSON.stringify(shown.body)).not.toContain(hashSecret(first));
  });

  test('stay while the token changes, and go when they are not named', async () => {
    const name = 'changing';
    await putToken(name);
    await generate({ tokenId: token(name) });
    const names = () => facts(name)!.passwords.length;
    await arm.call('PATCH', token(name), { body: { properties: { status: 'disabled' } } });
    await putToken(name);
    expect(names()).toBe(2);
    const keep = (passwords: object[]) =>
      arm.call('PATCH', token(name), { body: { properties: { credentials: { passwords } } } });
    const kept = await keep([{ name: 'password2' }]);
    expect(kept.body.properties.credentials.passwords).toMatchObject([{ name: 'password2' }]);
    expect((await keep([{ name: 'password1' }])).body.error.code).toBe('InvalidRequest');
    expect(names()).toBe(1);
    await keep([]);
    expect(names()).toBe(0);
  });

  test.each([
    ['no token', {}, 'InvalidRequestContent'],
    ['a token that is not there', { tokenId: token('nothing') }, 'InvalidRequest'],
    ['a token of another registry', { tokenId: `${other}/tokens/MyToken` }, 'InvalidRequest'],
    ['a third password', { tokenId: token('changing'), name: 'password3' }, 'InvalidRequestContent'],
    ['a time that is none', { tokenId: token('changing'), expiry: 'tomorrow' }, 'InvalidRequestContent'],
  ])('for %s are refused', async (_name, body, code) => {
    const answer = await generate(body);
    expect([answer.status, answer.body.error.code]).toEqual([400, code]);
  });

  test('are not for those who may only read', async () => {
    const reader = arm.principal('reader');
    arm.grant(reader, 'Reader', group);
    const post = { as: reader, body: { tokenId: token('changing') } };
    expect((await arm.call('POST', `${registry}/generateCredentials`, post)).body.error.code).toBe(
      'AuthorizationFailed',
    );
    expect((await arm.call('GET', `${registry}/tokens`, { as: reader })).status).toBe(200);
  });
});
