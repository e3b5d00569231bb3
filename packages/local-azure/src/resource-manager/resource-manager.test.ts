import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ArmServer, root, startArmServer } from '../../test/arm-server.ts';

const group = `${root}/resourceGroups/blog`;
let arm: ArmServer;

beforeAll(async () => {
  arm = await startArmServer([
    {
      method: 'POST',
      path: '/subscriptions/{subscriptionId}/providers/Test.Namespace/break',
      action: 'Test.Namespace/break/action',
      handle: () => {
        throw new Error('a secret detail');
      },
    },
    {
      method: 'POST',
      path: '/subscriptions/{subscriptionId}/providers/Test.Namespace/echo',
      action: 'Test.Namespace/echo/action',
      handle: ({ body }) => ({ status: 200, body: { body } }),
    },
  ]);
  await arm.call('PUT', group, { body: { location: 'japaneast' } });
});
afterAll(() => arm.close());

describe('a request that cannot be answered', () => {
  const other = '00000000-0000-0000-0000-000000000000';
  test.each([
    ['GET', '/', 404, 'MissingSubscription'],
    ['GET', '/nothing', 404, 'MissingSubscription'],
    ['GET', '/subscriptions//providers', 400, 'InvalidSubscriptionId'],
    ['GET', '/subscriptions/x/resourceGroups', 400, 'InvalidSubscriptionId'],
    ['GET', `/subscriptions/${other}`, 404, 'SubscriptionNotFound'],
    ['GET', `${root}/nothing`, 404, 'InvalidResourceType'],
    ['GET', `${root}/providers/Microsoft.Nothing/things`, 404, 'InvalidResourceNamespace'],
    ['GET', `${root}/providers/Microsoft.ContainerRegistry/things`, 404, 'InvalidResourceType'],
    ['PATCH', `${root}/resourceGroups`, 405, 'MethodNotAllowed'],
    ['GET', `${root}/resourceGroups/%zz`, 400, 'InvalidRequestUri'],
    ['GET', `${root}/resourceGroups/a%2Fb`, 400, 'InvalidRequestUri'],
    ['GET', `${root}/resourceGroups/%00`, 400, 'InvalidRequestUri'],
    ['GET', `${root}/resourceGroups/none`, 404, 'ResourceGroupNotFound'],
    ['GET', `${root}/resourceGroups/none/resources`, 404, 'ResourceGroupNotFound'],
  ])('%s %s: %i %s', async (method, path, status, code) => {
    const answer = await arm.call(method, path);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });

  test.each([
    ['', 'MissingApiVersionParameter'],
    ['1', 'InvalidApiVersionParameter'],
    ['2023-13-45', 'InvalidApiVersionParameter'],
    ['2023-01-01x', 'InvalidApiVersionParameter'],
  ])('api-version %j: %s, even without a token', async (apiVersion, code) => {
    const answer = await arm.call('GET', root, { apiVersion, headers: { authorization: '' } });
    expect([answer.status, answer.body.error.code]).toEqual([400, code]);
  });

  test('one that fails inside says nothing of the cause, which is logged', async () => {
    const answer = await arm.call('POST', `${root}/providers/Test.Namespace/break`);
    expect(answer).toMatchObject({ status: 500, body: { error: { code: 'InternalServerError' } } });
    expect(JSON.stringify(answer.body)).not.toContain('secret');
    expect(arm.errors).toEqual([expect.objectContaining({ message: 'a secret detail' })]);
  });
});

describe('a body', () => {
  const echo = `${root}/providers/Test.Namespace/echo`;
  test('that is JSON is parsed; none is undefined', async () => {
    expect((await arm.call('POST', echo, { body: { a: 1 } })).body).toEqual({ body: { a: 1 } });
    expect((await arm.call('POST', echo)).body).toEqual({});
    expect((await arm.call('POST', echo, { body: 'null' })).body).toEqual({});
  });

  test.each([
    ['not JSON', '{', {}, 400, 'InvalidRequestContent'],
    ['a list', '[]', {}, 400, 'InvalidRequestContent'],
    ['a string', '"x"', {}, 400, 'InvalidRequestContent'],
    [
      'nested without end',
      `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      {},
      400,
      'InvalidRequestContent',
    ],
    ['of another type', '{}', { 'content-type': 'text/plain' }, 415, 'UnsupportedMediaType'],
    ['too large', `"${'x'.repeat(4 * 1024 * 1024)}"`, {}, 413, 'RequestContentTooLarge'],
  ])('that is %s is refused', async (_name, body, headers, status, code) => {
    const answer = await arm.call('POST', echo, { body, headers });
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });
});

describe('headers', () => {
  test('each answer has ids; the client gets its own back when it asks', async () => {
    const sent = { 'x-ms-client-request-id': 'mine', 'x-ms-correlation-request-id': 'together' };
    const quiet = await arm.call('GET', root, { headers: sent });
    expect(quiet.headers.get('x-ms-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(quiet.headers.get('x-ms-correlation-request-id')).toBe('together');
    expect(quiet.headers.get('x-ms-routing-request-id')).toContain(quiet.headers.get('x-ms-request-id'));
    expect(quiet.headers.get('x-ms-client-request-id')).toBeNull();
    const asked = await arm.call('GET', root, {
      headers: { ...sent, 'x-ms-return-client-request-id': 'true' },
    });
    expect(asked.headers.get('x-ms-client-request-id')).toBe('mine');
  });

  test('HEAD answers 204 for what exists and 404 for what does not, without a body', async () => {
    expect(await arm.call('HEAD', group)).toMatchObject({ status: 204, body: '' });
    expect(await arm.call('HEAD', `${root}/resourceGroups/none`)).toMatchObject({ status: 404, body: '' });
  });
});

test('an answer without a body says so by its length, for clients that poll', async () => {
  const scratch = `${root}/resourceGroups/scratch`;
  await arm.call('PUT', scratch, { body: { location: 'japaneast' } });
  const { status, headers } = await arm.call('DELETE', scratch);
  expect([status, headers.get('content-length')]).toEqual([202, '0']);
});

describe('what holds for every provider', () => {
  const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/hoge1`;
  const body = { location: 'japaneast', sku: { name: 'Basic' } };

  test('where the cloud is, is told to anybody', async () => {
    const ask = async (apiVersion: string) =>
      (await arm.call('GET', '/metadata/endpoints', { apiVersion, headers: { authorization: '' } })).body;
    const cloud = { name: 'AzureCloud', suffixes: { acrLoginServer: 'azurecr.io' } };
    expect(await ask('2019-05-01')).toMatchObject([cloud]);
    expect(await ask('2022-09-01')).toMatchObject(cloud);
  });

  test('an api-version that a type does not have is refused, with the location of the resource', async () => {
    const answer = await arm.call('PUT', registry, { body, apiVersion: '2023-07-02' });
    expect([answer.status, answer.body.error.code]).toEqual([400, 'NoRegisteredProviderFound']);
    expect(answer.body.error.message).toContain("for location 'japaneast'");
    expect((await arm.call('GET', registry)).status).toBe(404);
  });

  test('a client that names an ETag writes over nothing that it has not seen', async () => {
    const write = async (headers: Record<string, string>) =>
      (await arm.call('PUT', group, { body: { location: 'japaneast' }, headers })).status;
    const etag = `"${arm.resources.get(group)!.etag}"`;
    expect(await write({ 'if-match': etag })).toBe(200);
    expect(await write({ 'if-match': etag })).toBe(412);
    expect(await write({ 'if-match': '*' })).toBe(200);
    expect(await write({ 'if-none-match': '*' })).toBe(412);
    const fresh = `${root}/resourceGroups/fresh`;
    const create = (headers: Record<string, string>) =>
      arm.call('PUT', fresh, { body: { location: 'japaneast' }, headers });
    expect((await create({ 'if-match': '*' })).body.error.code).toBe('PreconditionFailed');
    expect((await create({ 'if-none-match': '*' })).status).toBe(201);
  });

  const many = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`tag${i}`, '']));
  test.each([
    ['a reserved character', { 'a/b': 'c' }, 'InvalidTagNameCharacters'],
    ['a long name', { ['x'.repeat(513)]: '' }, 'InvalidTagName'],
    ['a long value', { a: 'x'.repeat(257) }, 'InvalidTagValueLength'],
    ['too many', many, 'InvalidTagsCount'],
    ['a value of a wrong type', { a: 1 }, 'InvalidRequestContent'],
  ])('tags with %s are refused', async (_name, tags, code) => {
    for (const path of [group, registry]) {
      const answer = await arm.call('PUT', path, { body: { ...body, tags } });
      expect([answer.status, answer.body.error?.code]).toEqual([400, code]);
    }
  });

  test.each(['Azure', 'mymicrosoftapp', 'login1', 'outlook'])('no registry is called %s', async (name) => {
    const path = `${group}/providers/Microsoft.ContainerRegistry/registries/${name}`;
    const answer = await arm.call('PUT', path, { body });
    expect([answer.status, answer.body.error.code]).toEqual([400, 'ReservedResourceName']);
  });

  test('a member that is there twice counts as the last one', async () => {
    await arm.call('PUT', group, { body: '{"location":"japaneast","tags":{"a":"1"},"tags":{"a":"2"}}' });
    expect((await arm.call('GET', group)).body.tags).toEqual({ a: '2' });
  });

  test('a provider that is not registered writes nothing until it is', async () => {
    const provider = `${root}/providers/Microsoft.ContainerRegistry`;
    expect((await arm.call('POST', `${provider}/unregister`)).body.registrationState).toBe('Unregistered');
    const refused = await arm.call('PUT', registry, { body });
    expect([refused.status, refused.body.error.code]).toEqual([409, 'MissingSubscriptionRegistration']);
    expect((await arm.call('POST', `${provider}/register`)).body.registrationState).toBe('Registered');
    expect((await arm.call('PUT', registry, { body })).status).toBe(201);
    expect((await arm.call('POST', `${provider}/unregister`)).status).toBe(409);
  });
});

describe('authorization', () => {
  test('the refusal names the scope as Azure does', async () => {
    const nobody = arm.principal('nobody');
    const scopeOf = async (method: string, path: string) =>
      /over scope '([^']+)'/.exec((await arm.call(method, path, { as: nobody })).body.error.message)?.[1];
    const registries = `${group}/providers/Microsoft.ContainerRegistry/registries`;
    expect(await scopeOf('GET', `${registries}/hoge1`)).toBe(`${registries}/hoge1`);
    expect(await scopeOf('POST', `${registries}/hoge1/listCredentials`)).toBe(`${registries}/hoge1`);
    expect(await scopeOf('GET', registries)).toBe(`${group}/providers/Microsoft.ContainerRegistry`);
    expect(await scopeOf('GET', `${root}/resourceGroups`)).toBe(root);
  });

  test('who may read one group finds it, and only it, in the lists of the subscription', async () => {
    await arm.call('PUT', `${root}/resourceGroups/other`, { body: { location: 'japaneast' } });
    const reader = arm.principal('reader');
    arm.grant(reader, 'Reader', group);
    for (const path of [`${root}/resourceGroups`, '/subscriptions']) {
      const { status, body } = await arm.call('GET', path, { as: reader });
      expect([status, body.value.length]).toEqual([200, 1]);
    }
    expect((await arm.call('GET', `${root}/resources`, { as: reader })).status).toBe(200);
    expect((await arm.call('DELETE', group, { as: reader })).status).toBe(403);
  });

  test('a grant counts after the propagation delay, and ends at once', async () => {
    const late = arm.principal('late');
    arm.faults.add('role-assignment-delay,delay=20s');
    try {
      const given = arm.grant(late, 'Reader', group);
      const read = async () => (await arm.call('GET', group, { as: late })).status;
      expect(await read()).toBe(403);
      arm.advance(19_999);
      expect(await read()).toBe(403);
      arm.advance(1);
      expect(await read()).toBe(200);
      arm.assignments.delete(given.scope, given.name);
      expect(await read()).toBe(403);
    } finally {
      arm.faults.clear();
    }
  });
});
