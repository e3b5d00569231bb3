import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json, text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newestApiVersion } from '../test/newest-api-version.ts';
import { type LocalAzure, startLocalAzure } from './local-azure.ts';

// Who gets in at which site's Kudu, over the wire: Resource Manager hands out and takes away, Kudu asks.

const management = 'https://management.azure.com';
let folder: string;
let azure: LocalAzure;
let token: string;
let app: string;
let slot: string;

interface Init {
  method?: string;
  authorization?: string;
  body?: object;
}

const ask = (url: string, { method = 'GET', authorization = `Bearer ${token}`, body }: Init = {}) =>
  new Promise<{ status: number; body: string }>((resolve, reject) => {
    const headers = { authorization, ...(body ? { 'content-type': 'application/json' } : {}) };
    const sent = request(url, { agent: azure.agent, method, headers }, (response) =>
      text(response).then((body) => resolve({ status: response.statusCode!, body }), reject),
    );
    sent.on('error', reject);
    sent.end(body && JSON.stringify(body));
  });

const arm = async (method: string, id: string, body?: object) => {
  const answer = await ask(`${management}${id}?api-version=${newestApiVersion(id)}`, {
    method,
    ...(body ? { body } : {}),
  });
  return { ...answer, json: answer.body.startsWith('{') ? JSON.parse(answer.body) : undefined };
};

/** The URL that `az webapp deployment container show-cd-url` prints, without its user; and that user. */
async function webhook(siteId: string): Promise<[url: string, authorization: string]> {
  const { json } = await arm('POST', `${siteId}/config/publishingcredentials/list`);
  const url = new URL(`${json.properties.scmUri}/docker/hook`);
  const user = `${decodeURIComponent(url.username)}:${url.password}`;
  return [`https://${url.host}${url.pathname}`, `Basic ${Buffer.from(user).toString('base64')}`];
}
const post = async (url: string, authorization: string) =>
  (await ask(url, { method: 'POST', authorization })).status;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-azure-'));
  azure = await startLocalAzure({ dataDir: folder, engine: 'none', propagationMs: 0 });
  const { tenantId, clientId, clientSecret, subscriptionId } = azure.credentials;
  token = await signIn(tenantId, clientId, clientSecret);
  const group = `/subscriptions/${subscriptionId}/resourceGroups/blog`;
  const plan = `${group}/providers/Microsoft.Web/serverfarms/plan`;
  const location = 'japaneast';
  await arm('PUT', group, { location });
  await arm('PUT', plan, { location, sku: { name: 'S1' }, properties: { reserved: true } });
  app = `${group}/providers/Microsoft.Web/sites/hoge-app`;
  slot = `${app}/slots/staging`;
  for (const id of [app, slot]) {
    const siteConfig = { linuxFxVersion: 'DOCKER|hoge.azurecr.io/app:1' };
    const made = await arm('PUT', id, { location, properties: { serverFarmId: plan, siteConfig } });
    expect(made.status).toBe(200);
    await arm('PUT', `${id}/config/appsettings`, { properties: { DOCKER_ENABLE_CI: 'true' } });
  }
});
afterAll(async () => {
  await azure?.close();
  await rm(folder, { recursive: true, force: true });
});

async function signIn(tenantId: string, id: string, secret: string): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: id,
    client_secret: secret,
    scope: `${management}/.default`,
  });
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const url = `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`;
    request(url, { agent: azure.agent, method: 'POST', headers }, (response) =>
      json(response).then((body) => resolve((body as { access_token: string }).access_token), reject),
    ).end(form.toString());
  });
}

test("each site's user opens that site alone", async () => {
  const [[appUrl, appUser], [slotUrl, slotUser]] = [await webhook(app), await webhook(slot)];
  expect([appUrl, slotUrl]).toEqual([
    'https://hoge-app.scm.azurewebsites.net/docker/hook',
    'https://hoge-app-staging.scm.azurewebsites.net/docker/hook',
  ]);
  expect([await post(appUrl, appUser), await post(slotUrl, slotUser)]).toEqual([200, 200]);
  expect([await post(appUrl, slotUser), await post(slotUrl, appUser)]).toEqual([401, 401]);
});

test('a new password ends the old one, and leaves the slot alone', async () => {
  const [url, before] = await webhook(app);
  const [slotUrl, slotUser] = await webhook(slot);
  expect((await arm('POST', `${app}/newpassword`)).status).toBe(204);
  const [, after] = await webhook(app);
  expect([await post(url, before), await post(url, after), await post(slotUrl, slotUser)]).toEqual([
    401, 200, 200,
  ]);
});

test('basic authentication that is off refuses the webhook, and lets tokens in', async () => {
  const policy = `${slot}/basicPublishingCredentialsPolicies/scm`;
  const [url, user] = await webhook(slot);
  await arm('PUT', policy, { properties: { allow: false } });
  const [, made] = await webhook(slot);
  expect([await post(url, user), await post(url, made)]).toEqual([401, 401]);
  expect(await post(url, `Bearer ${token}`)).toBe(200);
  const [appUrl, appUser] = await webhook(app);
  expect(await post(appUrl, appUser)).toBe(200);

  // Turned on again, what was made meanwhile is as useless as before: it must be made anew.
  await arm('PUT', policy, { properties: { allow: true } });
  expect([await post(url, user), await post(url, made)]).toEqual([200, 401]);
  expect(await post(...(await webhook(slot)))).toBe(200);
});

test('the webhook pulls anew', async () => {
  const pulls = async () =>
    (await ask('https://hoge-app.scm.azurewebsites.net/api/logs/docker')).body.includes('_docker.log')
      ? (await arm('POST', `${app}/containerlogs`)).body.split('Pulling image: ').length - 1
      : 0;
  await expect.poll(pulls).toBeGreaterThan(0);
  const before = await pulls();
  expect(await post(...(await webhook(app)))).toBe(200);
  await expect.poll(pulls).toBeGreaterThan(before);
});
