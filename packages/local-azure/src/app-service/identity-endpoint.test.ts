import { createServer, type Socket } from 'node:net';
import { UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Entra } from '../entra/entra.ts';
import { createIdentityEndpoint } from './identity-endpoint.ts';
import type { SiteSpec } from './site.ts';

/** Unsigned tokens that say who they are for. */
const entra = {
  async issueToken(principalId: string, audience: string) {
    if (audience === 'https://nosuch') throw new Error('AADSTS500011: no such resource');
    const token = new UnsecuredJWT({
      oid: principalId,
      aud: audience,
      exp: 2_000_000_000,
      nbf: 1_900_000_000,
    });
    return { token: token.encode(), expiresOn: 0 };
  },
} as unknown as Entra;

const both: SiteSpec['identity'] = {
  systemAssigned: { principalId: 'system', clientId: 'SYSTEM-CLIENT' },
  userAssigned: [{ principalId: 'user', clientId: 'user-client', resourceId: '/Subscriptions/s/id/User' }],
};
let identities: SiteSpec['identity'] | undefined;
let environment: Record<string, string>;
const server = createServer();

beforeAll(async () => {
  const endpoint = createIdentityEndpoint({
    entra,
    logError: (message, error) => {
      throw new Error(message, { cause: error });
    },
  });
  const service = endpoint.forContainer(() => identities);
  server.on('connection', (connection: Socket) => service.serve(connection));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  environment = service.env(`http://127.0.0.1:${(server.address() as { port: number }).port}`);
});
afterAll(() => server.close());

async function ask(query: string, headers: Record<string, string> = {}, method = 'GET') {
  const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = environment;
  const response = await fetch(`${IDENTITY_ENDPOINT}?${query}`, {
    method,
    headers: { 'x-identity-header': IDENTITY_HEADER!, connection: 'close', ...headers },
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}
const vault = 'resource=https://vault.azure.net&api-version=2019-08-01';

test('a token of the system-assigned identity, in the documented form', async () => {
  identities = both;
  const { status, body } = await ask(vault);
  expect([status, body]).toEqual([
    200,
    {
      access_token: expect.stringMatching(/^ey/),
      client_id: 'SYSTEM-CLIENT',
      expires_on: '2000000000',
      not_before: '1900000000',
      resource: 'https://vault.azure.net',
      token_type: 'Bearer',
    },
  ]);
});

test.each([
  ['client_id=USER-client', 'user-client'],
  ['principal_id=user', 'user-client'],
  ['object_id=user', 'user-client'],
  ['mi_res_id=/subscriptions/s/id/user', 'user-client'],
  ['client_id=', 'SYSTEM-CLIENT'],
  ['client_id=other', 'No User Assigned or Delegated Managed Identity found'],
  ['client_id=user-client&principal_id=user', 'Only one of client_id, principal_id may be given.'],
])('%s: %s', async (query, answer) => {
  identities = both;
  const { status, body } = await ask(`${vault}&${query}`);
  expect(status === 200 ? body.client_id : body.message).toContain(answer);
});

test('the identities are those of the moment', async () => {
  identities = { userAssigned: [] };
  expect((await ask(vault)).body).toEqual({
    statusCode: 400,
    message: 'The app has no system-assigned managed identity.',
    correlationId: expect.any(String),
  });
  identities = undefined; // The site is gone.
  expect((await ask(vault)).status).toBe(400);
});

test.each<[string, string, Record<string, string>, number, RegExp]>([
  ['a wrong secret', vault, { 'x-identity-header': 'guess' }, 401, /X-IDENTITY-HEADER/],
  ['no secret', vault, { 'x-identity-header': '' }, 401, /X-IDENTITY-HEADER/],
  ['the older protocol', 'resource=x&api-version=2017-09-01', {}, 400, /'2017-09-01' is not supported/],
  ['no version', 'resource=x', {}, 400, /api-version '' is not supported/],
  ['no resource', 'api-version=2019-08-01', {}, 400, /'resource' is missing/],
  ['an unknown resource', 'resource=https://nosuch&api-version=2025-03-30', {}, 400, /AADSTS500011/],
])('%s is refused', async (_what, query, headers, status, message) => {
  identities = both;
  const refused = await ask(query, headers);
  expect([refused.status, refused.body.message]).toEqual([status, expect.stringMatching(message)]);
});

test('another method is refused', async () => {
  expect((await ask(vault, {}, 'POST')).status).toBe(405);
});
