import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalAzureProcess, startLocalAzure } from './local-azure.ts';
import { armCall } from './resource-manager.ts';

// A site that pulls with an identity of a user's, over the real wire, and what becomes of it when that is deleted.

let azure: LocalAzureProcess;
let group: string;
const webVersion = '2023-12-01';

beforeAll(async () => {
  azure = await startLocalAzure();
  group = `/subscriptions/${azure.subscriptionId}/resourceGroups/blog`;
  await azure.setUpStory();
});
afterAll(() => azure?.stop());

const verify = async (slot: string, seconds = 60) => {
  const { result } = await azure.acrpullJson('verify', 'hoge-app', '--slot', slot, '--timeout', `${seconds}`);
  return result.sites[0].outcome;
};

describe.each(['production', 'staging'])('slot: %s', (slot) => {
  const identity = () => `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/puller-${slot}`;
  const site = () => {
    const app = `${group}/providers/Microsoft.Web/sites/hoge-app`;
    return slot === 'production' ? app : `${app}/slots/${slot}`;
  };

  test('the worker pulls with the identity whose client id the site names', async () => {
    const { properties } = await armCall(azure, 'PUT', identity(), '2023-01-31', { location: 'japaneast' });
    await armCall(azure, 'PATCH', site(), webVersion, {
      identity: { type: 'UserAssigned', userAssignedIdentities: { [identity()]: {} } },
    });
    await armCall(azure, 'PATCH', `${site()}/config/web`, webVersion, {
      properties: { acrUseManagedIdentityCreds: true, acrUserManagedIdentityID: properties.clientId },
    });
    expect(await verify(slot)).toMatchObject({ kind: 'refused', cause: 'unauthorized' });

    const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/hoge`;
    const acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d';
    const grant = `${registry}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`;
    await armCall(azure, 'PUT', grant, '2022-04-01', {
      properties: {
        roleDefinitionId: `/subscriptions/${azure.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${acrPull}`,
        principalId: properties.principalId,
        principalType: 'ServicePrincipal',
      },
    });
    expect(await verify(slot)).toMatchObject({ kind: 'serving' });
  });

  test('deleted, it gets no token any more, though the site lists it', async () => {
    await armCall(azure, 'DELETE', identity(), '2023-01-31');
    const { identity: listed } = await armCall(azure, 'GET', site(), webVersion);
    expect(Object.keys(listed.userAssignedIdentities)).toEqual([identity()]);
    // The grant is young and all else holds, so that verify goes on trying for as long as it may.
    expect(await verify(slot, 5)).toMatchObject({ kind: 'refused', cause: 'unauthorized' });
  });
});
