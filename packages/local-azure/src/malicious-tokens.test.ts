import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newestApiVersion } from '../test/newest-api-version.ts';
import { type LocalAzure, startLocalAzure } from './local-azure.ts';
import { dataDir } from './store/data-dir.ts';
import { openDatabase } from './store/database.ts';
import { readSigningKeys, type SigningKey } from './store/signing-key.ts';

// Every service that takes a token of the tenant, and tokens that are none, though they name the owner of everything.

let folder: string;
let azure: LocalAzure;
let key: SigningKey;

interface Asked {
  method?: string;
  token?: string;
  json?: object;
  form?: Record<string, string>;
}
const ask = (url: string, { method = 'GET', token, json, form }: Asked) =>
  new Promise<{ status: number; body: string }>((resolve, reject) => {
    const headers = {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(json ? { 'content-type': 'application/json' } : {}),
      ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
    };
    const sent = request(url, { agent: azure.agent, method, headers }, (response) =>
      text(response).then((body) => resolve({ status: response.statusCode!, body }), reject),
    );
    sent.on('error', reject);
    sent.end(json ? JSON.stringify(json) : form && new URLSearchParams(form).toString());
  });

const management = 'https://management.azure.com';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-azure-'));
  azure = await startLocalAzure({ dataDir: folder, engine: 'none', propagationMs: 0 });
  const db = openDatabase(dataDir(folder).database);
  key = readSigningKeys(db, 'entra').at(-1)!;
  db.close();
  const group = `${management}/subscriptions/${azure.credentials.subscriptionId}/resourceGroups/g`;
  const token = await sign({});
  const put = async (path: string, json: object) => {
    const { status, body } = await ask(`${group}${path}?api-version=${newestApiVersion(path)}`, {
      method: 'PUT',
      token,
      json,
    });
    expect(status, body).toBeLessThan(300);
  };
  const location = 'japaneast';
  await put('', { location });
  await put('/providers/Microsoft.ContainerRegistry/registries/hogehoge', {
    location,
    sku: { name: 'Basic' },
  });
  await put('/providers/Microsoft.Web/serverfarms/p', {
    location,
    sku: { name: 'S1' },
    properties: { reserved: true },
  });
  await put('/providers/Microsoft.Web/sites/hoge-app', { location, properties: { serverFarmId: 'p' } });
});
afterAll(async () => {
  await azure?.close();
  await rm(folder, { recursive: true, force: true });
});

interface Forgery {
  header?: Record<string, string>;
  claims?: JWTPayload;
  key?: KeyObject | Uint8Array;
}

/** A token as the tenant signs it, but for what is changed. */
async function sign({ header, claims, key: other }: Forgery, audience = `${management}/`): Promise<string> {
  const { tenantId, objectId, clientId } = azure.credentials;
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    ...{ aud: audience, iss: `https://sts.windows.net/${tenantId}/`, tid: tenantId, oid: objectId },
    ...{ appid: clientId, iat: now, nbf: now, exp: now + 600, ...claims },
  };
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'RS256', kid: key.kid, ...header })
    .sign(other ?? key.privateKey);
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

const forgeries: Record<string, (audience: string) => string | Promise<string>> = {
  'without a signature': async (audience) =>
    `${part({ alg: 'none', kid: key.kid })}.${(await sign({}, audience)).split('.')[1]}.`,
  'with another key under our name': (audience) =>
    sign({ key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey }, audience),
  'with a key that nobody knows': (audience) => sign({ header: { kid: 'unknown' } }, audience),
  'with the public key as a shared secret': (audience) => {
    const pem = createPublicKey(key.privateKey).export({ type: 'spki', format: 'pem' });
    return sign({ header: { alg: 'HS256' }, key: Buffer.from(pem) }, audience);
  },
  'that is changed after it was signed': async (audience) => {
    const [head, , signature] = (await sign({}, audience)).split('.');
    const other = await sign({ claims: { exp: 4e9 } }, audience);
    return [head, other.split('.')[1], signature].join('.');
  },
  'that has expired': (audience) => sign({ claims: { exp: Math.floor(Date.now() / 1000) - 1 } }, audience),
  'that is not valid yet': (audience) =>
    sign({ claims: { nbf: Math.floor(Date.now() / 1000) + 300 } }, audience),
  'of another tenant': (audience) =>
    sign({ claims: { iss: `https://sts.windows.net/${crypto.randomUUID()}/` } }, audience),
  'for another audience': () => sign({}, 'https://vault.azure.net'),
  'of nobody': (audience) => sign({ claims: { oid: undefined } }, audience),
  'that is none': () => 'hello',
};

/** What each service says: to all of them alike, or to some of them in words of their own. */
const services: {
  name: string;
  audience: string;
  send(token: string): Promise<{ status: number; body: string }>;
  /** What is specified of a refusal. */
  codeOf(body: string): unknown;
  code: unknown;
  codes?: Record<string, unknown>;
}[] = [
  {
    name: 'Resource Manager',
    audience: `${management}/`,
    send: (token) => ask(`${management}/subscriptions?api-version=2022-12-01`, { token }),
    codeOf: (body) => JSON.parse(body).error.code,
    code: 'InvalidAuthenticationToken',
    codes: {
      'that has expired': 'ExpiredAuthenticationToken',
      'of another tenant': 'InvalidAuthenticationTokenTenant',
      'for another audience': 'InvalidAuthenticationTokenAudience',
    },
  },
  {
    name: 'Microsoft Graph',
    audience: 'https://graph.microsoft.com',
    send: (token) => ask('https://graph.microsoft.com/v1.0/servicePrincipals', { token }),
    codeOf: (body) => JSON.parse(body).error.code,
    code: 'InvalidAuthenticationToken',
  },
  {
    name: "a registry's token service",
    audience: 'https://containerregistry.azure.net',
    send: (token) =>
      ask('https://hogehoge.azurecr.io/oauth2/exchange', {
        method: 'POST',
        form: { grant_type: 'access_token', service: 'hogehoge.azurecr.io', access_token: token },
      }),
    codeOf: (body) => JSON.parse(body).errors[0].code,
    code: 'UNAUTHORIZED',
  },
  {
    name: "a site's scm host",
    audience: `${management}/`,
    send: (token) => ask('https://hoge-app.scm.azurewebsites.net/api/logs/docker', { token }),
    codeOf: () => undefined,
    code: undefined,
  },
];

describe.each(services)('$name', ({ audience, send, code, codeOf, codes }) => {
  test('takes a good token', async () => {
    expect((await send(await sign({}, audience))).status).toBe(200);
  });

  test.each(Object.keys(forgeries))('refuses one %s', async (what) => {
    const { status, body } = await send(await forgeries[what]!(audience));
    expect([status, codeOf(body)]).toEqual([401, codes?.[what] ?? code]);
    expect(body).not.toMatch(/at \w+ \(|\.ts:|node_modules/);
  });
});
