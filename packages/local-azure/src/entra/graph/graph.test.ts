import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTenant } from '../../../test/tenant.ts';

const arm = 'https://management.azure.com/';
let at: Awaited<ReturnType<typeof startTenant>>;

beforeEach(async () => {
  at = await startTenant();
});
afterEach(async () => {
  await at.close();
  at.db.close();
});

describe('Microsoft Graph', () => {
  const call = async (path: string, init: RequestInit = {}, audience = 'https://graph.microsoft.com/') => {
    const { token } = await at.entra.issueToken(at.application.principal.id, audience);
    return at.ask('graph', path, { ...init, headers: { authorization: `Bearer ${token}` } });
  };
  const getByIds = (body: unknown) =>
    call('/v1.0/directoryObjects/getByIds', { method: 'POST', body: JSON.stringify(body) });

  test('finds principals by their ids, and says of what kind they are', async () => {
    const { id, appId } = at.application.principal;
    const { body } = await getByIds({ ids: [id, crypto.randomUUID()], types: ['user', 'servicePrincipal'] });
    expect(body.value).toEqual([
      expect.objectContaining({
        '@odata.type': '#microsoft.graph.servicePrincipal',
        id,
        appId,
        displayName: 'owner',
      }),
    ]);
    expect((await getByIds({ ids: [id], types: ['user'] })).body.value).toEqual([]);
  });

  test.each([[{}], [{ ids: 'x' }], [{ ids: [1] }], [null], [{ ids: [], types: 'x' }]])(
    'refuses the look-up %j',
    async (body) =>
      expect(await getByIds(body)).toMatchObject({
        status: 400,
        body: { error: { code: 'Request_BadRequest' } },
      }),
  );

  test.each([
    ["servicePrincipalNames/any(c:c eq '{appId}')", 1],
    ["servicePrincipalNames/any(c:c eq 'other')", 0],
    ["displayName eq 'owner'", 1],
    ["startswith(displayName,'own')", 1],
    ["displayName eq 'o''wner'", 0],
  ])('filters service principals by %s', async (filter, count) => {
    const query = encodeURIComponent(filter.replace('{appId}', at.application.principal.appId));
    const { body } = await call(`/v1.0/servicePrincipals?$filter=${query}`);
    expect(body.value).toHaveLength(count);
  });

  test.each([
    ["/v1.0/servicePrincipals?$filter=tags/any(t:t eq 'x')", 400, 'Request_UnsupportedQuery'],
    ['/v1.0/servicePrincipals/0', 404, 'Request_ResourceNotFound'],
    ['/v1.0/users/somebody', 404, 'Request_ResourceNotFound'],
    ['/v1.0/me/messages', 501, 'NotImplemented'],
  ])('answers %s with %i', async (path, status, code) =>
    expect(await call(path)).toMatchObject({ status, body: { error: { code } } }),
  );

  test('refuses a token for another service, and none at all', async () => {
    const invalid = { status: 401, body: { error: { code: 'InvalidAuthenticationToken' } } };
    expect(await call('/v1.0/servicePrincipals', {}, arm)).toMatchObject(invalid);
    expect(await at.ask('graph', '/v1.0/servicePrincipals')).toMatchObject(invalid);
  });
});
