import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Clock } from './clock.ts';
import { type LocalAzure, startLocalAzure } from './local-azure.ts';

// Tokens that nobody gave, or not for this, at every host that wants one: refused, and in no log.

let azure: LocalAzure;
let dataDir: string;
let token: string;
let now = Date.now();
const logged: string[] = [];
const clock: Clock = { now: () => now, sleep: () => new Promise(() => {}) };

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'bad-tokens-'));
  azure = await startLocalAzure({
    dataDir,
    clock,
    engine: 'none',
    logError: (message, error) => logged.push(`${message} ${error}`),
  });
  token = await tokenFor('https://management.azure.com/.default');
});
afterAll(async () => {
  await azure.close();
  await rm(dataDir, { recursive: true });
});

async function send(method: string, url: string, headers: Record<string, string>, body = '') {
  const outgoing = request(url, { method, agent: azure.agent, headers });
  outgoing.end(body);
  const [response] = await once(outgoing, 'response');
  return { status: response.statusCode as number, text: await text(response) };
}

async function tokenFor(scope: string): Promise<string> {
  const { tenantId, clientId, clientSecret } = azure.credentials;
  const fields = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope,
  };
  const url = `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`;
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  return JSON.parse((await send('POST', url, type, new URLSearchParams(fields).toString())).text)
    .access_token;
}

const subscriptions = 'https://management.azure.com/subscriptions?api-version=2022-12-01';
const ask = (authorization: string, method = 'GET') => send(method, subscriptions, { authorization });
const codeOf = async (authorization: string, method?: string) => {
  const { status, text } = await ask(authorization, method);
  return [status, JSON.parse(text).error.code];
};

/** The real token's claims with some changed, signed with another key. */
const forged = (changes: object) =>
  new SignJWT({ ...decodeJwt(token), ...changes })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .sign(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);

test('a token that is good is taken', async () => {
  expect((await ask(`Bearer ${token}`)).status).toBe(200);
});

test.each<[what: string, make: () => Promise<string> | string, code: string]>([
  [
    'without a signature, alg none',
    () => new UnsecuredJWT(decodeJwt(token)).encode(),
    'InvalidAuthenticationToken',
  ],
  ['of another key', () => forged({}), 'InvalidAuthenticationToken'],
  [
    'of another key and tenant',
    () => forged({ iss: 'https://sts.windows.net/x/' }),
    'InvalidAuthenticationToken',
  ],
  [
    'for another audience',
    () => tokenFor('https://graph.microsoft.com/.default'),
    'InvalidAuthenticationTokenAudience',
  ],
  [
    'for a registry',
    () => tokenFor('https://containerregistry.azure.net/.default'),
    'InvalidAuthenticationTokenAudience',
  ],
  ['cut short', () => token.slice(0, -10), 'InvalidAuthenticationToken'],
  ['that is none', () => 'x', 'InvalidAuthenticationToken'],
])('a token %s is refused', async (_what, make, code) => {
  for (const method of ['GET', 'PUT', 'DELETE', 'POST']) {
    expect(await codeOf(`Bearer ${await make()}`, method)).toEqual([401, code]);
  }
});

test('a token that has expired, or is not valid yet, is refused, although it was good before', async () => {
  const real = now;
  try {
    now = real + 2 * 3_600_000;
    expect(await codeOf(`Bearer ${token}`)).toEqual([401, 'ExpiredAuthenticationToken']);
    now = real + 10 * 3_600_000;
    const later = await tokenFor('https://management.azure.com/.default');
    now = real;
    expect(await codeOf(`Bearer ${later}`)).toEqual([401, 'InvalidAuthenticationToken']);
  } finally {
    now = real;
  }
});

test('no change of a token is let through, and no header that is a mess is a fault', async () => {
  const change = fc
    .tuple(fc.nat(token.length - 1), fc.constantFrom(...'ABCxyz012-_.'))
    .filter(([at, character]) => token[at] !== character)
    // The last character of base64url may hold bits that mean nothing.
    .filter(([at]) => at < token.length - 1 && token[at + 1] !== '.' && token[at] !== '.')
    .map(([at, character]) => `Bearer ${token.slice(0, at)}${character}${token.slice(at + 1)}`);
  const mess = fc
    .string({ minLength: 1, maxLength: 200 })
    .filter((header) => /^[\x21-\x7e]+$/.test(header))
    .map((header) => `Bearer ${header}`);
  await fc.assert(
    fc.asyncProperty(fc.oneof(change, mess), async (authorization) => {
      expect((await codeOf(authorization))[0]).toBe(401);
    }),
    { numRuns: 60, seed: 20_261_124 },
  );
});

test('nothing of all this was logged', () => {
  expect(logged).toEqual([]);
});
