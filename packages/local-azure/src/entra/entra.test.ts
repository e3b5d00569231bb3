import { once } from 'node:events';
import { connect } from 'node:net';
import { decodeJwt, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTenant } from '../../test/tenant.ts';
import { openDatabase } from '../store/database.ts';
import { createEntra } from './create-entra.ts';

const arm = 'https://management.azure.com/';
const start = Date.UTC(2026, 10, 23);
let at: Awaited<ReturnType<typeof startTenant>>;

beforeEach(async () => {
  at = await startTenant();
});
afterEach(async () => {
  await at.close();
  at.db.close();
});

const form = (fields: Record<string, string>): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(fields),
});

const signIn = (change: Record<string, string> = {}, tenant = at.entra.tenantId) =>
  at.ask(
    'login',
    `/${tenant}/oauth2/v2.0/token`,
    form({
      grant_type: 'client_credentials',
      client_id: at.application.principal.appId,
      client_secret: at.application.secret,
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
      iss: `https://sts.windows.net/${at.entra.tenantId}/`,
      tid: at.entra.tenantId,
      oid: at.application.principal.id,
      appid: at.application.principal.appId,
      exp: start / 1000 + 3600,
      ver: '1.0',
    });
  });

  test('has an older form, which names the resource and writes numbers as strings', async () => {
    const { body } = await at.ask(
      'login',
      `/${at.entra.tenantId}/oauth2/token`,
      form({
        grant_type: 'client_credentials',
        client_id: at.application.principal.appId,
        client_secret: at.application.secret,
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
    at.clock.advance(3 * 365 * 24 * 3600 * 1000);
    expect((await signIn()).body.error_codes).toEqual([7000222]);
  });

  test('knows no managed identity: nobody has its secret', async () => {
    const { appId } = at.entra.principals.createManagedIdentity('hoge-app', '/subscriptions/s');
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

  test.each([
    ['no form', { body: '{}', headers: { 'content-type': 'application/json' } }],
    ['none', {}],
    ['too large', form({ grant_type: 'x'.repeat(70_000) })],
  ])('refuses a body that is %s', async (_what, init) => {
    const path = `/${at.entra.tenantId}/oauth2/v2.0/token`;
    const answer = await at.ask('login', path, { ...init, method: 'POST' });
    expect([answer.status, answer.body.error_codes]).toEqual([400, [9002313]]);
  });

  test('is the tenant’s by its domain, too', async () => {
    expect((await signIn({}, 'LocalAzure.onmicrosoft.com')).status).toBe(200);
  });
});

describe('discovery', () => {
  test('leads to keys that verify the tokens', async () => {
    const path = `/${at.entra.tenantId}/v2.0/.well-known/openid-configuration`;
    const { body } = await at.ask('login', path);
    expect(body.issuer).toBe(`https://login.microsoftonline.com/${at.entra.tenantId}/v2.0`);
    const { keys } = (await at.ask('login', new URL(body.jwks_uri).pathname)).body;
    const { token } = await at.entra.issueToken(at.application.principal.id, arm);
    const [header] = token.split('.');
    expect(keys[0].kid).toBe(JSON.parse(Buffer.from(header!, 'base64url').toString()).kid);
  });

  test('of any tenant leaves the tenant open', async () => {
    const { body } = await at.ask('login', '/organizations/v2.0/.well-known/openid-configuration');
    expect(body.issuer).toBe('https://login.microsoftonline.com/{tenantid}/v2.0');
  });

  test('refuses an unknown tenant', async () => {
    const answer = await at.ask('login', '/nosuch/v2.0/.well-known/openid-configuration');
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_tenant' } });
  });
});

describe('verifying a token', () => {
  const issue = () => at.entra.issueToken(at.application.principal.id, arm);

  test('gives its claims, again and again', async () => {
    const { token } = await issue();
    for (let n = 0; n < 2; n++)
      expect(await at.entra.verifyToken(token, [arm])).toMatchObject({ oid: at.application.principal.id });
  });

  test('refuses one that has expired, also when it was good before', async () => {
    const { token, expiresOn } = await issue();
    await at.entra.verifyToken(token, [arm]);
    at.clock.advance(expiresOn - at.clock.now());
    await expect(at.entra.verifyToken(token, [arm])).rejects.toMatchObject({ fault: 'expired' });
  });

  test.each([
    ['for another audience', async () => (await issue()).token, 'https://graph.microsoft.com', 'audience'],
    ['that is no token', async () => 'hello', arm, 'malformed'],
    ['that is empty', async () => '', arm, 'malformed'],
    [
      'with a changed claim',
      async () => {
        const [head, , signature] = (await issue()).token.split('.');
        const { token: other } = await at.entra.issueToken(
          at.application.principal.id,
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
        const other = await createEntra({
          db: openDatabase(':memory:'),
          clock: at.clock,
          agentFor: () => false,
          signInOrigin: () => '',
          logError: console.error,
        });
        const { id } = other.principals.createApplication('stranger').principal;
        return (await other.issueToken(id, arm)).token;
      },
      arm,
      'signature',
    ],
  ])('refuses one %s', async (_what, make, audience, fault) => {
    const token = await make();
    await expect(at.entra.verifyToken(token, [audience])).rejects.toMatchObject({ fault });
  });

  test("a managed identity's token lasts a day and names its resource", async () => {
    const { id } = at.entra.principals.createManagedIdentity('hoge-app', '/subscriptions/s/x');
    const { token, expiresOn } = await at.entra.issueToken(id, 'https://containerregistry.azure.net');
    expect(expiresOn).toBe(start + 24 * 3600 * 1000);
    expect(decodeJwt(token)).toMatchObject({ xms_mirid: '/subscriptions/s/x', oid: id });
  });
});

test('tenant, keys, principals and secrets outlive a restart', async () => {
  const { token } = await at.entra.issueToken(at.application.principal.id, arm);
  const { tenantId } = at.entra;
  await at.reopen();
  expect(at.entra.tenantId).toBe(tenantId);
  expect(await at.entra.verifyToken(token, [arm])).toMatchObject({ tid: tenantId });
  expect((await signIn()).status).toBe(200);
});

test('each token decides which groups count, whoever asks for it', async () => {
  const counted = () => at.db.prepare('SELECT group_ids FROM token_groups').get();
  const { principal } = at.application;
  at.directory.memberships.add('one', principal.id);
  await signIn();
  expect(counted()).toMatchObject({ group_ids: '["one"]' });
  at.directory.memberships.add('two', principal.id);
  await at.entra.issueToken(principal.id, arm);
  expect(counted()).toMatchObject({ group_ids: '["one","two"]' });
});

test('a fault inside is told in the log, and not to the caller', async () => {
  at.db.exec('DROP TABLE client_secrets');
  expect(await signIn()).toMatchObject({
    status: 500,
    body: { error: 'server_error', error_codes: [50000] },
  });
  expect(at.faults).toEqual([
    expect.stringMatching(/^POST \S+\/oauth2\/v2\.0\/token failed: .*client_secrets/),
  ]);
  expect(at.faults[0]).not.toContain(at.application.secret);
});

test('a client that breaks off is no fault', async () => {
  const path = `/${at.entra.tenantId}/oauth2/v2.0/token`;
  const socket = connect(at.port, '127.0.0.1');
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 99\r\n\r\na=`,
  );
  await once(socket, 'ready');
  await signIn();
  socket.destroy();
  await signIn();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(at.faults).toEqual([]);
});

test('a deleted principal is gone, with its secret', async () => {
  at.entra.principals.delete(at.application.principal.id);
  expect(at.entra.principals.get(at.application.principal.id)).toBeUndefined();
  expect((await signIn()).body.error_codes).toEqual([700016]);
});
