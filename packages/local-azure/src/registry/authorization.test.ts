import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startHttpServer } from '../../test/http-server.ts';
import {
  basic,
  entraToken,
  payloadOf,
  type RegistryServer,
  startRegistryServer,
  tenant,
} from '../../test/registry-server.ts';

const service = 'hoge.azurecr.io';
const scope = 'repository:team/app:pull';
const minute = 60 * 1000;
let at: RegistryServer;

beforeEach(async () => {
  at = await startRegistryServer();
});
afterEach(() => at.stop());

const pull = (authorization: string, host = service) =>
  at.send('GET', '/v2/team/app/manifests/1', { headers: { authorization }, host });

describe('the challenge', () => {
  test('a pull without a credential is refused as ACR refuses it', async () => {
    const answer = await at.send('GET', '/v2/team/app/manifests/0.1.0');
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe(
      'Bearer realm="https://hoge.azurecr.io/oauth2/token",service="hoge.azurecr.io",scope="repository:team/app:pull"',
    );
    expect(answer.json).toEqual({
      errors: [
        {
          code: 'UNAUTHORIZED',
          message: 'authentication required, visit https://aka.ms/acr/authorization for more information.',
          detail: [{ Type: 'repository', Name: 'team/app', Action: 'pull' }],
        },
      ],
    });
  });

  test.each([
    ['GET', '/v2/', undefined],
    ['GET', '/v2/_catalog', 'registry:catalog:*'],
    ['GET', '/v2/a/tags/list', 'repository:a:metadata_read'],
    ['HEAD', '/v2/a/manifests/1', 'repository:a:pull'],
    ['PUT', '/v2/a/manifests/1', 'repository:a:pull,push'],
    ['POST', '/v2/a/blobs/uploads/', 'repository:a:pull,push'],
    ['POST', '/v2/a/blobs/uploads/?mount=sha256:0&from=b', 'repository:a:pull,push repository:b:pull'],
    ['DELETE', '/v2/a/manifests/1', 'repository:a:delete'],
  ])('%s %s asks for %s', async (method, path, wanted) => {
    const { status, headers } = await at.send(method, path);
    expect(status).toBe(401);
    expect(/scope="([^"]*)"/.exec(headers['www-authenticate']!)?.[1]).toBe(wanted);
  });

  test('says when the token was not good, and when it was not enough', async () => {
    at.grant('p', 'AcrPull');
    expect((await pull('Bearer x.y.z')).headers['www-authenticate']).toContain(',error="invalid_token"');
    const answer = await at.send('PUT', '/v2/team/app/manifests/1', { headers: await at.bearer('p', scope) });
    expect(answer.headers['www-authenticate']).toContain(',error="insufficient_scope"');
  });
});

test('on a loopback port, tokens are fetched where the client came from', async () => {
  const { port, origin, close } = await startHttpServer(at.registry().handlerOnLoopback(service));
  const host = `127.0.0.1:${port}`;
  const { headers } = await fetch(`${origin}/v2/`);
  await close();
  expect(headers.get('www-authenticate')).toBe(
    `Bearer realm="http://${host}/oauth2/token",service="hoge.azurecr.io"`,
  );
});

describe('the token service', () => {
  test('exchanges an Entra token for a refresh token of three hours, and that for an access token', async () => {
    at.grant('p', 'AcrPull');
    const { refresh_token } = (await at.exchange(entraToken('p'))).json;
    const refresh = payloadOf(refresh_token);
    expect(refresh).toMatchObject({
      aud: service,
      iss: 'Azure Container Registry',
      grant_type: 'refresh_token',
      tenant,
      permissions: { actions: ['read', 'metadata/read'] },
    });
    expect(refresh.exp - refresh.iat).toBe(3 * 60 * 60);

    const access = payloadOf((await at.redeem(refresh_token, scope)).json.access_token);
    expect(access).toMatchObject({
      aud: service,
      grant_type: 'access_token',
      access: [{ type: 'repository', name: 'team/app', actions: ['pull'] }],
    });
    expect(access.exp - access.iat).toBe(75 * 60);
  });

  test('cuts the access down to what the principal may do', async () => {
    at.grant('p', 'AcrPull');
    const { refresh_token } = (await at.exchange(entraToken('p'))).json;
    const { access_token } = (await at.redeem(refresh_token, 'repository:team/app:pull,push,delete')).json;
    expect(payloadOf(access_token).access).toEqual([
      { type: 'repository', name: 'team/app', actions: ['pull'] },
    ]);
    const nothing = (await at.redeem(refresh_token, 'repository:team/app:push')).json.access_token;
    expect(payloadOf(nothing).access).toEqual([]);
  });

  test('a refresh token is worth nothing once it is old, changed, or at another registry', async () => {
    at.grant('p', 'AcrPull');
    const { refresh_token } = (await at.exchange(entraToken('p'))).json;
    const [header, payload, signature] = refresh_token.split('.');
    const changed = [header, payload, `${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1)}`].join('.');
    const status = async (token: string, host?: string) => (await at.redeem(token, scope, host)).status;
    expect(await status(refresh_token, 'other.azurecr.io')).toBe(401);
    expect(await status(changed)).toBe(401);
    at.advance(179 * minute);
    expect(await status(refresh_token)).toBe(200);
    at.advance(2 * minute);
    expect(await status(refresh_token)).toBe(401);
  });

  test('a principal without any right gets no refresh token', async () => {
    const answer = await at.exchange(entraToken('p'));
    expect(answer.status).toBe(401);
    expect(answer.json.errors[0].code).toBe('UNAUTHORIZED');
  });

  test('a grant on one registry is worth nothing at another', async () => {
    at.grant('p', 'AcrPull');
    expect((await at.exchange(entraToken('p'), 'other.azurecr.io')).status).toBe(401);
  });

  test.each([
    ['another audience', entraToken('p', 'https://graph.microsoft.com'), 'enabled', 401],
    [
      'ARM while its tokens are accepted',
      entraToken('p', 'https://management.core.windows.net/'),
      'enabled',
      200,
    ],
    ['ARM while they are not', entraToken('p'), 'disabled', 401],
    ['the registry itself', entraToken('p', 'https://containerregistry.azure.net'), 'disabled', 200],
  ] as const)('an Entra token for %s', async (_, token, policy, status) => {
    at.grant('p', 'AcrPull');
    at.facts.get(service)!.azureADAuthenticationAsArmPolicy = policy;
    const answer = await at.exchange(token);
    expect(answer.status).toBe(status);
    if (status === 401) expect(answer.json.errors[0].message).toBe('token validation failed');
  });

  test.each([
    ['GET', '/oauth2/exchange', '', 404],
    ['POST', '/oauth2/exchange', 'grant_type=magic&service=hoge.azurecr.io', 400],
    ['POST', '/oauth2/exchange', 'grant_type=access_token&service=hoge.azurecr.io', 400],
    ['POST', '/oauth2/exchange', 'grant_type=access_token&access_token=x', 400],
    ['POST', '/oauth2/exchange', 'grant_type=access_token&access_token=x&service=other.azurecr.io', 401],
    ['POST', '/oauth2/token', `grant_type=refresh_token&refresh_token=x&service=${service}`, 401],
    ['POST', '/oauth2/token', 'x'.repeat(70_000), 400],
    ['GET', `/oauth2/token?service=${service}&scope=nonsense`, '', 400],
    ['PATCH', '/oauth2/token', '', 405],
  ])('%s %s %# is refused', async (method, path, body, status) => {
    expect((await at.send(method, path, { body })).status).toBe(status);
  });

  test('anonymous pull, only where it is enabled, and never a push', async () => {
    const ask = () => at.send('GET', `/oauth2/token?service=${service}&scope=repository:team/app:pull,push`);
    expect((await ask()).status).toBe(401);
    at.facts.get(service)!.anonymousPullEnabled = true;
    expect(payloadOf((await ask()).json.access_token).access).toEqual([
      { type: 'repository', name: 'team/app', actions: ['pull'] },
    ]);
  });
});

describe('an access token', () => {
  let token: string;
  beforeEach(async () => {
    at.grant('p', 'AcrPull');
    token = (await at.bearer('p', scope)).authorization;
  });

  test('is accepted', async () => {
    const answer = await pull(token);
    expect(answer.status).toBe(404);
    expect(answer.json.errors[0]).toMatchObject({
      code: 'MANIFEST_UNKNOWN',
      message: 'manifest tagged by "1" is not found',
    });
  });

  test('ends after 75 minutes', async () => {
    at.advance(74 * minute);
    expect((await pull(token)).status).toBe(404);
    at.advance(2 * minute);
    expect((await pull(token)).status).toBe(401);
  });

  test('is worth nothing at another registry or another repository', async () => {
    expect((await pull(token, 'other.azurecr.io')).status).toBe(401);
    const answer = await at.send('GET', '/v2/team/app2/manifests/1', { headers: { authorization: token } });
    expect(answer.status).toBe(401);
  });

  test('is refused when any part of it was changed', async () => {
    const [header, payload, signature] = token.slice('Bearer '.length).split('.') as [string, string, string];
    const flip = (part: string) => `${part[0] === 'A' ? 'B' : 'A'}${part.slice(1)}`;
    const access = [{ type: 'repository', name: 'team/app', actions: ['pull', 'push'] }];
    const greedy = Buffer.from(JSON.stringify({ ...payloadOf(token), access })).toString('base64url');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const forged of [
      [flip(header), payload, signature],
      [header, greedy, signature],
      [header, payload, flip(signature)],
      [none, payload, ''],
      [none, payload, signature],
    ]) {
      expect((await pull(`Bearer ${forged.join('.')}`)).status).toBe(401);
    }
  });

  test('serves as a Docker password, but not as a refresh token', async () => {
    const secret = token.slice('Bearer '.length);
    const asPassword = basic('00000000-0000-0000-0000-000000000000', secret);
    const path = `/oauth2/token?service=${service}&scope=repository:team/app:pull,push repository:b:pull`;
    at.advance(70 * minute);
    const again = payloadOf(
      (await at.send('GET', encodeURI(path), { headers: asPassword })).json.access_token,
    );
    expect(again.access).toEqual([{ type: 'repository', name: 'team/app', actions: ['pull'] }]);
    expect(again.exp).toBe(payloadOf(secret).exp);
    expect((await at.redeem(secret, scope)).status).toBe(401);
  });
});

describe('Basic', () => {
  test.each([
    ['first password', basic('hoge', 'first'), 200],
    ['second password', basic('hoge', 'second'), 200],
    ['wrong password', basic('hoge', 'third'), 401],
    ['wrong user', basic('root', 'first'), 401],
    ['no colon', { authorization: `Basic ${Buffer.from('hoge').toString('base64')}` }, 401],
    ['no base64', { authorization: 'Basic %%%' }, 401],
    ['another scheme', { authorization: 'Digest hoge' }, 401],
  ])('%s', async (_, headers, status) => {
    expect((await at.send('GET', '/v2/', { headers })).status).toBe(status);
  });

  test('the admin user while it is disabled', async () => {
    at.facts.get(service)!.adminUserEnabled = false;
    expect((await at.send('GET', '/v2/', { headers: basic('hoge', 'first') })).status).toBe(401);
  });

  test('a refresh token as the password', async () => {
    at.grant('p', 'AcrPull');
    const { refresh_token } = (await at.exchange(entraToken('p'))).json;
    const headers = basic('00000000-0000-0000-0000-000000000000', refresh_token);
    expect((await at.send('GET', '/v2/', { headers })).status).toBe(200);
    expect((await at.send('PUT', '/v2/team/app/manifests/1', { headers })).status).toBe(401);
  });

  test("the admin user's access token by grant_type=password", async () => {
    const fields = { grant_type: 'password', service, username: 'hoge', password: 'second' };
    const { json } = await at.form('/oauth2/token', { ...fields, scope: 'registry:catalog:*' });
    expect(payloadOf(json.access_token).access).toEqual([
      { type: 'registry', name: 'catalog', actions: ['*'] },
    ]);
  });
});

test('a registry without public access denies the address', async () => {
  at.facts.get(service)!.firewall.publicNetworkAccess = 'Disabled';
  // Before it asks who calls: at every door alike.
  for (const path of ['/v2/', '/v2/_catalog', '/oauth2/token?service=hoge.azurecr.io', '/nothing']) {
    const answer = await at.send('GET', path);
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([403, undefined]);
    expect(answer.json.errors).toEqual([
      {
        code: 'DENIED',
        message:
          "client with IP '127.0.0.1' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.",
      },
    ]);
  }
});

test('a registry that does not exist', async () => {
  expect((await at.send('GET', '/v2/', { host: 'gone.azurecr.io' })).status).toBe(404);
  expect(at.registry().exists('HOGE.azurecr.io')).toBe(true);
  expect(at.registry().exists('gone.azurecr.io')).toBe(false);
});
