import {
  type Grant,
  known,
  type RegistryFacts,
  type SiteFacts,
  type Snapshot,
} from '../src/pull-path/snapshot.ts';

// A healthy app with one slot, to break one thing at a time.

export const registryId =
  '/subscriptions/s/resourceGroups/blog/providers/Microsoft.ContainerRegistry/registries/hoge';
const appId = '/subscriptions/s/resourceGroups/blog/providers/Microsoft.Web/sites/hoge-app';
export const takenOn = '2026-01-01T12:00:00.000Z';

export const acrPullGrant = (scope = registryId, createdOn = '2025-12-01T00:00:00.000Z'): Grant => ({
  id: `${scope}/providers/Microsoft.Authorization/roleAssignments/1`,
  scope,
  principalId: 'principal',
  createdOn,
  role: {
    id: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
    name: 'AcrPull',
    actions: ['Microsoft.ContainerRegistry/registries/pull/read'],
    notActions: [],
    dataActions: [],
    notDataActions: [],
  },
});

export function healthySite(slot?: string): SiteFacts {
  return {
    id: slot ? `${appId}/slots/${slot}` : appId,
    ...(slot && { slot }),
    state: 'Running',
    hostName: slot ? `hoge-app-${slot}.azurewebsites.net` : 'hoge-app.azurewebsites.net',
    scmHostName: slot ? `hoge-app-${slot}.scm.azurewebsites.net` : 'hoge-app.scm.azurewebsites.net',
    identity: { type: 'SystemAssigned', systemAssigned: { principalId: 'principal' }, userAssigned: [] },
    config: known({
      linuxFxVersion: 'DOCKER|hoge.azurecr.io/app:0.1.0',
      acrUseManagedIdentityCreds: true,
      acrUserManagedIdentityID: null,
    }),
    credentials: known({ username: false, password: false }),
    grants: known([acrPullGrant()]),
    manifest: known({ digest: `sha256:${'a'.repeat(64)}`, mediaType: 'application/json' }),
  };
}

export const registry: RegistryFacts = {
  id: registryId,
  name: 'hoge',
  loginServer: 'hoge.azurecr.io',
  sku: 'Premium',
  adminUserEnabled: false,
  callerPermissions: known([{ actions: ['*'], notActions: [] }]),
};

export function snapshotOf(
  sites: SiteFacts[],
  registryFacts = known(registry) as Snapshot['registries'][string],
): Snapshot {
  return {
    schema: 'acrpull.snapshot/1',
    takenOn,
    app: { id: appId, name: 'hoge-app', resourceGroup: 'blog', subscriptionId: 's' },
    sites,
    registries: { 'hoge.azurecr.io': registryFacts },
  };
}
