import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalAzureProcess, startLocalAzure } from './local-azure.ts';
import { armCall } from './resource-manager.ts';

// A custom role that lets an identity see the registry, and not pull from it, until it says so.

let azure: LocalAzureProcess;
let subscription: string;

beforeAll(async () => {
  azure = await startLocalAzure();
  subscription = `/subscriptions/${azure.subscriptionId}`;
  await azure.setUpMendedStory();
});
afterAll(() => azure?.stop());

const authorization = 'providers/Microsoft.Authorization';
const version = '2022-04-01';

const putRole = (roleDefinitionId: string, actions: string[]) =>
  armCall(azure, 'PUT', roleDefinitionId, version, {
    properties: { roleName: 'Image Puller', assignableScopes: [subscription], permissions: [{ actions }] },
  });

test('a pull is refused without registries/pull/read, and goes on once the role has it', async () => {
  const registry = `${subscription}/resourceGroups/blog/providers/Microsoft.ContainerRegistry/registries/hoge`;
  const role = `${subscription}/${authorization}/roleDefinitions/${crypto.randomUUID()}`;
  await putRole(role, ['Microsoft.ContainerRegistry/registries/read']);
  const held = await armCall(azure, 'GET', `${registry}/${authorization}/roleAssignments`, version);
  for (const { id, properties } of held.value) {
    if (properties.scope !== registry) continue;
    await armCall(azure, 'DELETE', id, version);
    await armCall(
      azure,
      'PUT',
      `${registry}/${authorization}/roleAssignments/${crypto.randomUUID()}`,
      version,
      {
        properties: {
          roleDefinitionId: role,
          principalId: properties.principalId,
          principalType: 'ServicePrincipal',
        },
      },
    );
  }

  const doctor = await azure.acrpullJson('doctor', 'hoge-app');
  expect(doctor.code).toBe(1);
  for (const site of doctor.result.sites) expect(site.firstBroken).toBe('grant');
  const refused = await azure.acrpullJson('verify', 'hoge-app', '--timeout', '30');
  expect(refused.code).toBe(1);
  for (const { outcome } of refused.result.sites)
    expect(outcome).toMatchObject({ kind: 'refused', cause: 'unauthorized' });

  await putRole(role, ['Microsoft.ContainerRegistry/registries/pull/read']);
  const proven = await azure.acrpullJson('verify', 'hoge-app', '--timeout', '60');
  expect(proven.code).toBe(0);
  for (const { outcome } of proven.result.sites) expect(outcome).toMatchObject({ kind: 'serving' });
});
