import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalAzureProcess, startLocalAzure } from '../local-azure.ts';
import { type Attributes, get, type Known, type Resource, versions } from './provider.ts';
import { type Replay, startReplay } from './replay.ts';
import { resources } from './resources.ts';

// The calls of Terraform's azurerm provider, replayed: the provider itself is not run. Each test builds on the one before.

let azure: LocalAzureProcess;
let replay: Replay;
let subscription: string;
/** What was applied so far, in order. */
const applied: Resource[] = [];
const known: Known = {};

beforeAll(async () => {
  azure = await startLocalAzure({ args: ['--engine', 'none'] });
  replay = await startReplay(azure);
  subscription = `/subscriptions/${azure.subscriptionId}`;
});
afterAll(async () => {
  replay?.close();
  await azure?.stop();
});

/** What a refresh finds, and the answers that it is taken from. */
async function refresh(resource: Resource) {
  const answers = [];
  for (const call of resource.read) answers.push(await replay.call(call));
  return { answers, found: resource.flatten(answers) };
}

/** Of what was found, what the configuration says something about. */
const configuredOf = (found: Attributes, configured: Attributes): Attributes =>
  Object.fromEntries(Object.keys(configured).map((name) => [name, found[name]]));

test('it finds the cloud by metadata_host', () => {
  expect(replay.metadata).toMatchObject({
    name: 'AzureCloud',
    resourceManager: 'https://management.azure.com/',
    microsoftGraphResourceId: 'https://graph.microsoft.com/',
    suffixes: { acrLoginServer: 'azurecr.io', storage: 'core.windows.net', keyVaultDns: 'vault.azure.net' },
  });
});

test('it learns who it is from a token for Microsoft Graph', async () => {
  const token = await replay.token('https://graph.microsoft.com/.default');
  const claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());
  expect(claims).toMatchObject({
    appid: azure.env.AZURE_CLIENT_ID,
    oid: expect.any(String),
    tid: azure.env.AZURE_TENANT_ID,
  });
});

test('it registers the providers that are not', async () => {
  const namespace = 'Microsoft.ManagedIdentity';
  const provider = `${subscription}/providers/${namespace}`;
  const post = (action: string) => ({
    ...{ method: 'POST' as const, path: `${provider}/${action}`, apiVersion: versions.providers },
    ...{ body: {}, takes: [200] },
  });
  await replay.call(post('unregister'));
  const { value } = await replay.call(get(`${subscription}/providers`, versions.providers));
  const missing = value.filter(
    (one: { registrationState: string }) => one.registrationState.toLowerCase() !== 'registered',
  );
  expect(missing).toMatchObject([{ namespace }]);
  await replay.call(post('register'));
  const { registrationState } = await replay.call(get(provider, versions.providers));
  expect(registrationState).toBe('Registered');
});

test('apply creates everything, and a plan is empty then', async () => {
  for (const make of resources(subscription)) {
    const resource = make(known);
    for (const call of resource.create) await replay.call(call);
    known[resource.type] = (await refresh(resource)).found;
    applied.push(resource);
  }
  for (const { type, configured } of applied)
    expect({ type, ...configuredOf(known[type]!, configured) }).toEqual({ type, ...configured });
});

test('apply changes everything, and a plan is empty then', async () => {
  for (const resource of applied) {
    const { answers } = await refresh(resource);
    for (const call of resource.update(answers)) await replay.call(call);
  }
  for (const resource of applied) {
    const { type } = resource;
    const configured = { ...resource.configured, ...resource.changed };
    const { found } = await refresh(resource);
    expect({ type, ...configuredOf(found, configured) }).toEqual({ type, ...configured });
  }
});

test('destroy leaves nothing', async () => {
  for (const resource of applied.toReversed()) {
    for (const call of resource.destroy) await replay.call(call);
  }
  const { value } = await replay.call(get(`${subscription}/resources`, versions.groups));
  expect(value).toEqual([]);
});
