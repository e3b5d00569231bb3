import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { seededRandom } from '../packages/local-azure/src/faults/random.ts';
import { createAgent } from '../packages/local-azure/src/front/agent.ts';
import { type LocalAzureProcess, startLocalAzure } from './local-azure.ts';

// Concurrent writers to Resource Manager, a kill -9 at a random moment, a start on the same folder: five times over.

const rounds = 5;
const writers = 6;
const seed = Number(process.env.CRASH_SEED ?? 20261124);
const acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d';

let azure: LocalAzureProcess;
let agent: Agent;
let token: string;
let isKilled = false;
afterAll(async () => {
  agent?.destroy();
  await azure?.stop();
});

const random = seededRandom(seed);
const upTo = (n: number) => Math.floor(random() * n);

/** What one writer last sent and what of it was last acknowledged: versions of one thing, in order. */
interface Written {
  sent: number;
  acknowledged: number;
}
const sites = Array.from({ length: writers }, (): Written => ({ sent: 0, acknowledged: 0 }));
const tags = Array.from({ length: writers }, (): Written => ({ sent: 0, acknowledged: 0 }));
const assignments: string[] = [];
const deletedGroups: string[] = [];

const webVersion = '2023-12-01';
const location = 'japaneast';
const subscription = () => `/subscriptions/${azure.subscriptionId}`;
const group = (name = 'blog') => `${subscription()}/resourceGroups/${name}`;
const plan = (of = 'blog') => `${group(of)}/providers/Microsoft.Web/serverfarms/plan`;
const site = (name: string, of = 'blog') => `${group(of)}/providers/Microsoft.Web/sites/${name}`;
const sharedTags = () => `${group()}/providers/Microsoft.Resources/tags/default`;

test(`what was acknowledged outlives kill -9, whole, and a deletion goes on (CRASH_SEED=${seed})`, async () => {
  await start();
  await makeGroup('blog');
  for (let round = 0; round < rounds; round++) {
    isKilled = false;
    const full = await makeFullGroup();
    const working = [
      ...sites.map((_, writer) => untilKilled(() => writeSite(writer))),
      ...tags.map((_, writer) => untilKilled(() => writeTag(writer))),
      untilKilled(writeAssignment),
    ];
    await sleep(100 + upTo(500));
    await deleteGroup(full);
    await sleep(upTo(10));
    isKilled = true;
    await azure.kill();
    agent.destroy();
    await Promise.all(working);

    await start(azure.dataDir);
    for (const [writer, written] of sites.entries()) await checkSite(writer, written);
    await checkTags();
    await checkAssignments();
    await checkDeletedGroups();
  }
  const done = sites.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
  expect(done).toBeGreaterThan(rounds * writers);
}, 60_000);

async function start(dataDir?: string): Promise<void> {
  azure = await startLocalAzure({ ...(dataDir && { dataDir }), args: ['--engine', 'none'] });
  const port = Number(new URL(azure.env.HTTPS_PROXY!).port);
  agent = createAgent(() => port, await readFile(azure.env.SSL_CERT_FILE!, 'utf8'));
  const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET } = azure.env;
  const fields = {
    grant_type: 'client_credentials',
    client_id: AZURE_CLIENT_ID!,
    client_secret: AZURE_CLIENT_SECRET!,
    scope: 'https://management.azure.com/.default',
  };
  const answer = await send(
    'POST',
    `https://login.microsoftonline.com/${AZURE_TENANT_ID}/oauth2/v2.0/token`,
    { 'content-type': 'application/x-www-form-urlencoded' },
    new URLSearchParams(fields).toString(),
  );
  token = answer.body.access_token;
}

async function untilKilled(work: () => Promise<void>): Promise<void> {
  while (!isKilled) {
    try {
      await work();
    } catch (error) {
      // A connection breaks a moment before this test knows of the kill, or while it does.
      for (let waited = 0; waited < 20 && !isKilled; waited++) await sleep(50);
      if (!isKilled) throw error;
    }
  }
}

/** A site whose documents all name one version: what is kept of a write must be all of it. */
async function writeSite(writer: number): Promise<void> {
  const written = sites[writer]!;
  const version = String(++written.sent);
  await put(site(`hoge-${writer}`), webVersion, {
    location,
    tags: { version },
    properties: {
      serverFarmId: plan(),
      siteConfig: { appCommandLine: version, appSettings: [{ name: 'VERSION', value: version }] },
    },
  });
  written.acknowledged = Number(version);
}

async function checkSite(writer: number, { sent, acknowledged }: Written): Promise<void> {
  const id = site(`hoge-${writer}`);
  const shown = await arm('GET', id, webVersion);
  if (acknowledged === 0 && shown.status === 404) return;
  expect(shown.status).toBe(200);
  const config = await arm('GET', `${id}/config/web`, webVersion);
  const settings = await arm('POST', `${id}/config/appsettings/list`, webVersion);
  const version = Number(shown.body.tags.version);
  expect(version).toBeGreaterThanOrEqual(acknowledged);
  expect(version).toBeLessThanOrEqual(sent);
  expect(Number(config.body.properties.appCommandLine)).toBe(version);
  expect(Number(settings.body.properties.VERSION)).toBe(version);
}

/** All write to one resource, each a tag of its own. */
async function writeTag(writer: number): Promise<void> {
  const written = tags[writer]!;
  const version = ++written.sent;
  const answer = await arm('PATCH', sharedTags(), '2024-11-01', {
    operation: 'Merge',
    properties: { tags: { [`writer${writer}`]: String(version) } },
  });
  expect(answer.status).toBe(200);
  written.acknowledged = version;
}

async function checkTags(): Promise<void> {
  const shown = (await arm('GET', sharedTags(), '2024-11-01')).body.properties.tags;
  for (const [writer, { sent, acknowledged }] of tags.entries()) {
    const version = Number(shown[`writer${writer}`] ?? 0);
    expect(version).toBeGreaterThanOrEqual(acknowledged);
    expect(version).toBeLessThanOrEqual(sent);
  }
}

async function writeAssignment(): Promise<void> {
  const id = `${group()}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
  const roleDefinitionId = `${subscription()}/providers/Microsoft.Authorization/roleDefinitions/${acrPull}`;
  const properties = { roleDefinitionId, principalId: randomUUID(), principalType: 'ServicePrincipal' };
  await put(id, '2022-04-01', { properties });
  assignments.push(id);
}

async function checkAssignments(): Promise<void> {
  const { body } = await arm(
    'GET',
    `${group()}/providers/Microsoft.Authorization/roleAssignments`,
    '2022-04-01',
  );
  const kept = new Set(body.value.map(({ id }: { id: string }) => id));
  expect(assignments.filter((id) => !kept.has(id))).toEqual([]);
}

async function makeGroup(name: string): Promise<void> {
  await put(group(name), '2021-04-01', { location });
  await put(plan(name), webVersion, { location, sku: { name: 'S1' }, properties: { reserved: true } });
}

async function makeFullGroup(): Promise<string> {
  const name = `group-${randomUUID()}`;
  await makeGroup(name);
  for (let n = 0; n < 20; n++) {
    const properties = { serverFarmId: plan(name) };
    await put(site(`app-${randomUUID()}`, name), webVersion, { location, properties });
  }
  return name;
}

/** Is acknowledged, and then broken off. */
async function deleteGroup(name: string): Promise<void> {
  const { status } = await arm('DELETE', group(name), '2021-04-01');
  expect(status).toBe(202);
  deletedGroups.push(name);
}

async function checkDeletedGroups(): Promise<void> {
  for (const name of deletedGroups) {
    await expect.poll(async () => (await arm('GET', group(name), '2021-04-01')).status).toBe(404);
  }
  const { body } = await arm('GET', `${subscription()}/resources`, '2021-04-01');
  const orphans = body.value.filter(({ id }: { id: string }) =>
    deletedGroups.some((name) => id.includes(name)),
  );
  expect(orphans).toEqual([]);
}

async function put(path: string, apiVersion: string, body: object): Promise<void> {
  const answer = await arm('PUT', path, apiVersion, body);
  expect([200, 201], JSON.stringify(answer.body)).toContain(answer.status);
}

const arm = (method: string, path: string, apiVersion: string, body?: object) =>
  send(
    method,
    `https://management.azure.com${path}?api-version=${apiVersion}`,
    { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body && JSON.stringify(body),
  );

async function send(method: string, url: string, headers: Record<string, string>, body = '') {
  const outgoing = request(url, {
    method,
    agent,
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
  });
  outgoing.end(body);
  const [response] = await once(outgoing, 'response');
  const content = await text(response);
  return { status: response.statusCode as number, body: content ? JSON.parse(content) : undefined };
}
