import { mkdtemp, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json, text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type HttpServer, startHttpServer } from '../test/http-server.ts';
import { newestApiVersion } from '../test/newest-api-version.ts';
import { basic, imageManifest, ociManifest } from '../test/registry-server.ts';
import { sha256 } from '../test/sha256.ts';
import { type LocalAzure, startLocalAzure } from './local-azure.ts';

// Both planes of Container Registry, and what they say to each other, over the real wire.

// biome-ignore lint/suspicious/noExplicitAny: the tests look into it by path.
type Json = any;
let folder: string;
let azure: LocalAzure;
let token: string;
let receiver: HttpServer;
let received: Json[];
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-azure-'));
  received = [];
  answer = (response) => response.end();
  receiver = await startHttpServer(async (posted, response) => {
    received.push(await json(posted));
    answer(response);
  });
  await start();
  await arm('PUT', '', { location: 'japaneast' });
  for (const name of ['hogehoge', 'other']) await createRegistry(name);
});
afterEach(async () => {
  await azure.close();
  await receiver.close();
  await rm(folder, { recursive: true, force: true });
});

async function start() {
  azure = await startLocalAzure({ dataDir: folder, engine: 'none', propagationMs: 0 });
  const { tenantId, clientId, clientSecret } = azure.credentials;
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: 'https://management.azure.com/.default',
  });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const url = `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`;
  token = (await ask('POST', url, headers, form.toString())).json.access_token;
}

const ask = (method: string, url: string, headers: Record<string, string>, body?: string) =>
  new Promise<{ status: number; headers: Record<string, unknown>; json: Json }>((resolve, reject) => {
    request(url, { agent: azure.agent, method, headers }, async (response) => {
      const body = await text(response);
      const isJson = body !== '' && response.headers['content-type']?.includes('json');
      resolve({
        status: response.statusCode!,
        headers: response.headers,
        json: isJson ? JSON.parse(body) : undefined,
      });
    })
      .on('error', reject)
      .end(body);
  });

/** `path` below the group, or any URL. */
function arm(method: string, path: string, body?: unknown) {
  const group = `https://management.azure.com/subscriptions/${azure.credentials.subscriptionId}/resourceGroups/blog`;
  const url = path.startsWith('https:') ? path : `${group}${path}?api-version=${newestApiVersion(path)}`;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return ask(method, url, headers, body === undefined ? undefined : JSON.stringify(body));
}

const registry = (name: string) => `/providers/Microsoft.ContainerRegistry/registries/${name}`;
const passwords = new Map<string, string>();
async function createRegistry(name: string) {
  const properties = { adminUserEnabled: true };
  await arm('PUT', registry(name), { location: 'japaneast', sku: { name: 'Basic' }, properties });
  passwords.set(name, (await arm('POST', `${registry(name)}/listCredentials`)).json.passwords[0].value);
}

const send = (method: string, name: string, path: string, body?: string) =>
  ask(
    method,
    `https://${name}.azurecr.io/v2/${path}`,
    {
      ...basic(name, passwords.get(name)!),
      'content-type': ociManifest,
      'content-length': String(Buffer.byteLength(body ?? '')),
      'user-agent': 'docker/28',
    },
    body,
  );

/** Pushes to `hogehoge.azurecr.io/team/app`; the manifest's digest. */
async function push(tag: string): Promise<string> {
  const config = JSON.stringify({ tag });
  await send('POST', 'hogehoge', `team/app/blobs/uploads/?digest=${sha256(config)}`, config);
  const manifest = imageManifest(sha256(config), []);
  const { status } = await send('PUT', 'hogehoge', `team/app/manifests/${tag}`, manifest);
  expect(status).toBe(201);
  return sha256(manifest);
}

const webhook = (name: string, of = 'hogehoge') => `${registry(of)}/webhooks/${name}`;
const createWebhook = (path: string, serviceUri: string) =>
  arm('PUT', path, {
    location: 'japaneast',
    properties: { serviceUri, actions: ['push', 'delete'], scope: 'team/app:*' },
  });
const eventsOf = async (path: string): Promise<Json[]> =>
  (await arm('POST', `${path}/listEvents`)).json.value;

test('a push and a deletion are posted, and what came of it is still known after a restart', async () => {
  await createWebhook(webhook('deploy'), `${receiver.origin}/hook`);
  const digest = await push('1');
  await send('DELETE', 'hogehoge', `team/app/manifests/${digest}`);
  await vi.waitFor(async () => expect(await eventsOf(webhook('deploy'))).toHaveLength(2));
  expect(received).toMatchObject([
    {
      action: 'push',
      target: { mediaType: ociManifest, digest, repository: 'team/app', tag: '1' },
      request: { host: 'hogehoge.azurecr.io', method: 'PUT', useragent: 'docker/28' },
    },
    { action: 'delete', target: { digest, repository: 'team/app' }, request: { method: 'DELETE' } },
  ]);
  const before = await eventsOf(webhook('deploy'));
  await azure.close();
  await start();
  expect(await eventsOf(webhook('deploy'))).toEqual(before);
});

test('a receiver that does not answer holds up no push, and not the end', async () => {
  answer = () => {};
  await createWebhook(webhook('deploy'), receiver.origin);
  await push('1');
  await push('2');
  await vi.waitFor(() => expect(received).toHaveLength(1));
  await azure.close();
});

test('a site is reached through the front door, and one that nobody made has no address', async () => {
  const farm = '/providers/Microsoft.Web/serverfarms/plan';
  await arm('PUT', farm, {
    location: 'japaneast',
    sku: { name: 'B1' },
    kind: 'linux',
    properties: { reserved: true },
  });
  await arm('PUT', '/providers/Microsoft.Web/sites/hoge-app', {
    location: 'japaneast',
    properties: {
      serverFarmId: `/subscriptions/${azure.credentials.subscriptionId}/resourceGroups/blog${farm}`,
    },
  });
  await createWebhook(webhook('there'), 'https://hoge-app.scm.azurewebsites.net/api/settings');
  await createWebhook(webhook('gone1'), 'https://nothing.scm.azurewebsites.net/');
  for (const name of ['there', 'gone1']) await arm('POST', `${webhook(name)}/ping`);
  const [there] = await eventsOf(webhook('there'));
  expect(there.eventResponseMessage).toMatchObject({ statusCode: '401', version: '1.1' });
  const [gone] = await eventsOf(webhook('gone1'));
  expect(gone.eventResponseMessage).toMatchObject({
    statusCode: '502',
    content: 'getaddrinfo ENOTFOUND nothing.scm.azurewebsites.net',
  });
});

test('an import copies an image from registry to registry, and is posted there as a push', async () => {
  const digest = await push('1');
  await createWebhook(webhook('deploy', 'other'), receiver.origin);
  const { subscriptionId } = azure.credentials;
  const resourceId = `/subscriptions/${subscriptionId}/resourceGroups/blog${registry('hogehoge')}`;
  const order = { source: { resourceId, sourceImage: 'team/app:1' }, targetTags: ['team/app:prod'] };
  const accepted = await arm('POST', `${registry('other')}/importImage`, order);
  expect(accepted.status).toBe(202);
  await vi.waitFor(async () =>
    expect((await arm('GET', String(accepted.headers.location))).status).toBe(200),
  );
  const pulled = await send('GET', 'other', 'team/app/manifests/prod');
  expect([pulled.status, pulled.headers['docker-content-digest']]).toEqual([200, digest]);
  await vi.waitFor(() =>
    expect(received).toMatchObject([{ action: 'push', target: { digest, tag: 'prod' } }]),
  );

  const again = await arm('POST', `${registry('other')}/importImage`, order);
  expect([again.status, again.json.error.message]).toEqual([
    409,
    'Tag team/app:prod already exists in target registry.',
  ]);
});

test('what Azure itself denies, no role gives: a pull, until that is lifted', async () => {
  await push('1');
  const service = 'hogehoge.azurecr.io';
  const form = async (path: string, fields: Record<string, string>) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return (await ask('POST', `https://${service}${path}`, headers, new URLSearchParams(fields).toString()))
      .json;
  };
  const pull = async () => {
    const exchange = { grant_type: 'access_token', service, access_token: token };
    const { refresh_token } = await form('/oauth2/exchange', exchange);
    const scope = 'repository:team/app:pull';
    const asked = { grant_type: 'refresh_token', service, scope, refresh_token };
    const { access_token } = await form('/oauth2/token', asked);
    const headers = { authorization: `Bearer ${access_token}`, accept: ociManifest };
    return (await ask('GET', `https://${service}/v2/team/app/manifests/1`, headers)).status;
  };
  expect(await pull()).toBe(200);
  const { subscriptionId } = azure.credentials;
  const { id, lift } = azure.deny({
    scope: `/subscriptions/${subscriptionId}/resourceGroups/blog`,
    denyAssignmentName: 'System deny assignment created by managed application',
    permissions: [{ actions: ['Microsoft.ContainerRegistry/registries/pull/read'] }],
  });
  expect(await pull()).toBe(401);
  const shown = await arm('GET', `https://management.azure.com${id}?api-version=2022-04-01`);
  expect(shown.json.properties).toMatchObject({
    isSystemProtected: true,
    principals: [{ type: 'SystemDefined' }],
  });
  lift();
  expect(await pull()).toBe(200);
});
