import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt, SignJWT } from 'jose';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Clock } from '../clock.ts';
import type { HttpHandler } from '../http-handler.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { createEntra } from './create-entra.ts';
import type { Entra, Principal } from './entra.ts';

const arm = 'https://management.azure.com/';
const start = Date.UTC(2026, 10, 23);
let db: Database;
let now = start;
let entra: Entra;
let application: { principal: Principal; secret: string };
let servers: Server[];

const clock: Clock = { now: () => now, sleep: () => Promise.reject(new Error('nothing here sleeps')) };

/** Making a key takes longer than all the rest of a test, so that one serves them all. */
let signingKey: Record<string, string | number>;

beforeAll(async () => {
  const first = openDatabase(':memory:');
  await createEntra({ db: first, clock });
  signingKey = first.prepare('SELECT * FROM signing_keys').get() as typeof signingKey;
  first.close();
});

beforeEach(async () => {
  now = start;
  servers = [];
  db = openDatabase(':memory:');
  const { kid, purpose, private_key, created_on } = signingKey;
  db.prepare('INSERT INTO signing_keys VALUES (?, ?, ?, ?)').run(kid, purpose, private_key, created_on);
  entra = await createEntra({ db, clock });
  application = entra.principals.createApplication('owner');
});
afterEach(() => {
  for (const server of servers) server.close();
  db.close();
});

/** Asks a handler over the wire. */
async function ask(handler: HttpHandler, path: string, init?: RequestInit) {
  const server = createServer(handler).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, init);
  // biome-ignore lint/suspicious/noExplicitAny: answers are judged by the tests
  return { status: response.status, headers: response.headers, body: (await response.json()) as any };
}

const form = (fields: Record<string, string>): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(fields),
});

const signIn = (change: Record<string, string> = {}, tenant = entra.tenantId) =>
  ask(
    entra.login,
    `/${tenant}/oauth2/v2.0/token`,
    form({
      grant_type: 'client_credentials',
      client_id: application.principal.appId,
      client_secret: application.secret,
      scope: `${arm}.default`,
      ...change,
    }),
  );

describe('the token endpoint', () => {
  test('gives a v1.0 token whose audience is the resource to the letter', async () => {
    const { status, body } = await signIn({ scope: 'https://management.core.windows.net//.default' });
    expect({ status, ...body, access_token: '' }).toEqual({
      status: 200,
      token_type: 'Bearer',
      expires_in: 3599,
      ext_expires_in: 3599,
      access_token: '',
    });
    expect(decodeJwt(body.access_token)).toMatchObject({
      aud: 'https://management.core.windows.net/',
      iss: `https://sts.windows.net/${entra.tenantId}/`,
      tid: entra.tenantId,
      oid: application.principal.id,
      appid: application.principal.appId,
      exp: start / 1000 + 3600,
      ver: '1.0',
    });
  });

  test('has an older form, which names the resource and writes numbers as strings', async () => {
    const { body } = await ask(
      entra.login,
      `/${entra.tenantId}/oauth2/token`,
      form({
        grant_type: 'client_credentials',
        client_id: application.principal.appId,
        client_secret: application.secret,
        resource: arm,
      }),
    );
    expect(body).toMatchObject({ resource: arm, expires_in: '3599', expires_on: `${start / 1000 + 3600}` });
    expect(decodeJwt(body.access_token).aud).toBe(arm);
  });

  test.each([
    ['a wrong secret', { client_secret: 'nope' }, 401, 'invalid_client', 7000215],
    ['an unknown application', { client_id: crypto.randomUUID() }, 400, 'unauthorized_client', 700016],
    ['an unknown resource', { scope: 'https://example.com/.default' }, 400, 'invalid_resource', 500011],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type', 70003],
    ['no scope', { scope: '' }, 400, 'invalid_request', 900144],
  ])('refuses %s', async (_what, change, status, error, code) => {
    const answer = await signIn(change);
    expect(answer).toMatchObject({ status, body: { error, error_codes: [code] } });
    expect(answer.body.error_description).toMatch(
      new RegExp(
        `^AADSTS${code}: .* Trace ID: \\S{36} Correlation ID: \\S{36} Timestamp: 2026-11-23 00:00:00Z$`,
      ),
    );
    expect(answer.headers.get('x-ms-request-id')).toBe(answer.body.trace_id);
  });

  test('refuses a secret that has run out', async () => {
    now += 3 * 365 * 24 * 3600 * 1000;
    expect((await signIn()).body.error_codes).toEqual([7000222]);
  });

  test('knows no managed identity: nobody has its secret', async () => {
    const { appId } = entra.principals.createManagedIdentity('hoge-app', '/subscriptions/s');
    expect((await signIn({ client_id: appId })).body.error_codes).toEqual([700016]);
  });

  test.each([
    ['organizations', 50059],
    ['common', 50059],
    ['00000000-1111-2222-3333-444444444444', 90002],
    ['bad%20tenant', 900023],
  ])('refuses the tenant %s with AADSTS%i', async (tenant, code) =>
    expect(await signIn({}, tenant)).toMatchObject({ status: 400, body: { error_codes: [code] } }),
  );

  test('refuses a body that is not a form', async () => {
    const init = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
    const answer = await ask(entra.login, `/${entra.tenantId}/oauth2/v2.0/token`, init);
    expect(answer.body.error_codes).toEqual([9002313]);
  });
});

describe('discovery', () => {
  test('leads to keys that verify the tokens', async () => {
    const path = `/${entra.tenantId}/v2.0/.well-known/openid-configuration`;
    const { body } = await ask(entra.login, path);
    expect(body.issuer).toBe(`https://login.microsoftonline.com/${entra.tenantId}/v2.0`);
    const { keys } = (await ask(entra.login, new URL(body.jwks_uri).pathname)).body;
    const { token } = await entra.issueToken(application.principal.id, arm);
    const [header] = token.split('.');
    expect(keys[0].kid).toBe(JSON.parse(Buffer.from(header!, 'base64url').toString()).kid);
  });

  test('of any tenant leaves the tenant open', async () => {
    const { body } = await ask(entra.login, '/organizations/v2.0/.well-known/openid-configuration');
    expect(body.issuer).toBe('https://login.microsoftonline.com/{tenantid}/v2.0');
  });

  test('refuses an unknown tenant', async () => {
    const answer = await ask(entra.login, '/nosuch/v2.0/.well-known/openid-configuration');
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_tenant' } });
  });
});

describe('verifying a token', () => {
  const issue = () => entra.issueToken(application.principal.id, arm);

  test('gives its claims, again and again', async () => {
    const { token } = await issue();
    for (let n = 0; n < 2; n++)
      expect(await entra.verifyToken(token, [arm])).toMatchObject({ oid: application.principal.id });
  });

  test('refuses one that has expired, also when it was good before', async () => {
    const { token, expiresOn } = await issue();
    await entra.verifyToken(token, [arm]);
    now = expiresOn;
    await expect(entra.verifyToken(token, [arm])).rejects.toMatchObject({ fault: 'expired' });
  });

  test.each([
    ['for another audience', async () => (await issue()).token, 'https://graph.microsoft.com', 'audience'],
    ['that is no token', async () => 'hello', arm, 'malformed'],
    ['that is empty', async () => '', arm, 'malformed'],
    [
      'with a changed claim',
      async () => {
        const [head, , signature] = (await issue()).token.split('.');
        const { token: other } = await entra.issueToken(
          application.principal.id,
          'https://graph.microsoft.com',
        );
        return [head, other.split('.')[1], signature].join('.');
      },
      arm,
      'signature',
    ],
    [
      'that is signed with another algorithm',
      async () =>
        new SignJWT(decodeJwt((await issue()).token))
          .setProtectedHeader({ alg: 'HS256' })
          .sign(new Uint8Array(32)),
      arm,
      'signature',
    ],
    [
      'without a signature',
      async () => {
        const [, claims] = (await issue()).token.split('.');
        return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`;
      },
      arm,
      'signature',
    ],
    [
      'of another tenant',
      async () => {
        const other = await createEntra({ db: openDatabase(':memory:'), clock });
        const { id } = other.principals.createApplication('stranger').principal;
        return (await other.issueToken(id, arm)).token;
      },
      arm,
      'signature',
    ],
  ])('refuses one %s', async (_what, make, audience, fault) => {
    const token = await make();
    await expect(entra.verifyToken(token, [audience])).rejects.toMatchObject({ fault });
  });

  test("a managed identity's token lasts a day and names its resource", async () => {
    const { id } = entra.principals.createManagedIdentity('hoge-app', '/subscriptions/s/x');
    const { token, expiresOn } = await entra.issueToken(id, 'https://containerregistry.azure.net');
    expect(expiresOn).toBe(start + 24 * 3600 * 1000);
    expect(decodeJwt(token)).toMatchObject({ xms_mirid: '/subscriptions/s/x', oid: id });
  });
});

test('tenant, keys, principals and secrets outlive a restart', async () => {
  const { token } = await entra.issueToken(application.principal.id, arm);
  const { tenantId } = entra;
  entra = await createEntra({ db, clock });
  expect(entra.tenantId).toBe(tenantId);
  expect(await entra.verifyToken(token, [arm])).toMatchObject({ tid: tenantId });
  expect((await signIn()).status).toBe(200);
});

test('a deleted principal is gone, with its secret', async () => {
  entra.principals.delete(application.principal.id);
  expect(entra.principals.getByAppId(application.principal.appId)).toBeUndefined();
  expect((await signIn()).body.error_codes).toEqual([700016]);
});

describe('Microsoft Graph', () => {
  const call = async (path: string, init: RequestInit = {}, audience = 'https://graph.microsoft.com/') => {
    const { token } = await entra.issueToken(application.principal.id, audience);
    return ask(entra.graph, path, { ...init, headers: { authorization: `Bearer ${token}` } });
  };
  const getByIds = (body: unknown) =>
    call('/v1.0/directoryObjects/getByIds', { method: 'POST', body: JSON.stringify(body) });

  test('finds principals by their ids, and says of what kind they are', async () => {
    const { id, appId } = application.principal;
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
    const query = encodeURIComponent(filter.replace('{appId}', application.principal.appId));
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
    expect(await ask(entra.graph, '/v1.0/servicePrincipals')).toMatchObject(invalid);
  });
});
