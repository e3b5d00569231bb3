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

describe('look-ups', () => {
  const getByIds = (body: unknown) => at.call('POST', '/directoryObjects/getByIds', { body });

  test('find principals by their ids, and say of what kind they are', async () => {
    const { id, appId } = at.application.principal;
    const { body } = await getByIds({ ids: [id, randomUUID()], types: ['user', 'servicePrincipal'] });
    expect(body.value).toEqual([
      expect.objectContaining({
        '@odata.type': '#microsoft.graph.servicePrincipal',
        id,
        appId,
        displayName: 'owner',
      }),
    ]);
    expect((await getByIds({ ids: [id], types: ['user'] })).body.value).toEqual([]);
    expect((await at.call('GET', `/directoryObjects/${id}`, { version: 'beta' })).body).toMatchObject({
      '@odata.context': 'https://graph.microsoft.com/beta/$metadata#directoryObjects/$entity',
      id,
    });
  });

  test.each([[{}], [{ ids: 'x' }], [{ ids: [1] }], [[]], [{ ids: [], types: 'x' }]])(
    'refuse %j',
    async (body) =>
      expect(await getByIds(body)).toMatchObject({
        status: 400,
        body: { error: { code: 'Request_BadRequest' } },
      }),
  );

  test.each([
    ['GET', '/servicePrincipals?$filter=nothing eq 1', 400, 'Request_UnsupportedQuery'],
    ['GET', '/servicePrincipals?$top=0', 400, 'Request_BadRequest'],
    ['GET', '/servicePrincipals?$orderby=displayName', 501, 'NotImplemented'],
    ['GET', '/servicePrincipals/0', 404, 'Request_ResourceNotFound'],
    ['GET', '/users/somebody', 404, 'Request_ResourceNotFound'],
    ['GET', '/users/some@body', 404, 'Request_ResourceNotFound'],
    ['GET', '/me', 400, 'Request_BadRequest'],
    ['GET', '/me/messages', 501, 'NotImplemented'],
    ['PUT', '/users', 501, 'NotImplemented'],
  ])('%s %s is answered with %i', async (method, path, status, code) =>
    expect(await at.refusal(method, path)).toEqual([status, code]),
  );
});

describe('a list', () => {
  test('comes page by page', async () => {
    for (let n = 0; n < 5; n++) at.entra.principals.createManagedIdentity(`app${n}`, '/subscriptions/s');
    const seen: string[] = [];
    let path = "/servicePrincipals?$top=2&$filter=startswith(displayName,'app')&$select=displayName";
    for (;;) {
      const { body } = await at.call('GET', path);
      expect(body.value.length).toBeLessThanOrEqual(2);
      for (const one of body.value) expect(Object.keys(one)).toEqual(['displayName']);
      seen.push(...body.value.map((one: { displayName: string }) => one.displayName));
      const next = body['@odata.nextLink'];
      if (!next) break;
      const url = new URL(next);
      expect(url.host).toBe('graph.microsoft.com');
      path = `${url.pathname.replace('/v1.0', '')}${url.search}`;
    }
    expect(seen.sort()).toEqual(['app0', 'app1', 'app2', 'app3', 'app4']);
  });

  test.each([
    ["servicePrincipalNames/any(c:c eq '{appId}')", 1],
    ["servicePrincipalNames/any(c:c eq 'other')", 0],
    ["displayName eq 'owner'", 1],
    ["startswith(displayName,'own') and servicePrincipalType eq 'Application'", 1],
    ["displayName eq 'o''wner'", 0],
  ])('is filtered by %s', async (filter, count) => {
    const { appId } = at.application.principal;
    expect(await at.find('servicePrincipals', filter.replace('{appId}', appId))).toHaveLength(count);
  });
});

describe('rights', () => {
  test('everybody in the tenant reads, and directory admins alone write', async () => {
    const as = at.application.principal;
    expect((await at.call('GET', '/users', { as })).status).toBe(200);
    const body = { ids: [as.id] };
    expect((await at.call('POST', '/directoryObjects/getByIds', { as, body })).status).toBe(200);
    const id = randomUUID();
    for (const [method, path] of [
      ['POST', '/users'],
      ['PATCH', `/users/${id}`],
      ['DELETE', `/users/${id}`],
      ['POST', '/groups'],
      ['POST', `/groups/${id}/members/$ref`],
      ['DELETE', `/groups/${id}/members/${id}/$ref`],
      ['POST', '/applications'],
      ['POST', `/applications/${id}/addPassword`],
      ['POST', '/servicePrincipals'],
      ['DELETE', `/servicePrincipals/${as.id}`],
    ] as const) {
      expect(await at.refusal(method, path, { as, body: {} }), path).toEqual([
        403,
        'Authorization_RequestDenied',
      ]);
    }
  });

  test('an admin who was deleted has none, though the token still holds', async () => {
    const { token } = await at.entra.issueToken(at.admin.id, 'https://graph.microsoft.com');
    at.entra.principals.delete(at.admin.id);
    const answer = await at.ask('graph', '/v1.0/applications', {
      ...{ method: 'POST', body: '{"displayName":"x"}' },
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer).toMatchObject({ status: 403, body: { error: { code: 'Authorization_RequestDenied' } } });
  });

  test('a token for another service, and none at all, are refused', async () => {
    const refused = { status: 401, body: { error: { code: 'InvalidAuthenticationToken' } } };
    const { token } = await at.entra.issueToken(at.admin.id, 'https://management.azure.com');
    const headers = { authorization: `Bearer ${token}` };
    for (const path of ['/v1.0/servicePrincipals', '/v1.0/nothing']) {
      expect(await at.ask('graph', path, { headers })).toMatchObject(refused);
      expect(await at.ask('graph', path)).toMatchObject(refused);
    }
  });
});

test.each([
  ['no JSON', '{', 400, 'Request_BadRequest'],
  ['a list', '[]', 400, 'Request_BadRequest'],
  ['too much', 'x'.repeat(300_000), 413, 'RequestEntityTooLarge'],
])('a body that is %s is refused', async (_what, body, status, code) => {
  const { token } = await at.entra.issueToken(at.admin.id, 'https://graph.microsoft.com');
  const headers = { authorization: `Bearer ${token}` };
  const answer = await at.ask('graph', '/v1.0/users', { method: 'POST', headers, body });
  expect([answer.status, answer.body.error.code]).toEqual([status, code]);
});
