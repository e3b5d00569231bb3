import {
  type AppSettingFacts,
  type ConfigFacts,
  type Fact,
  type Grant,
  type IdentityFacts,
  type ImagePlatform,
  known,
  type ManifestFacts,
  type Permission,
  type RegistryFacts,
  type RegistryNetworkFacts,
  type RoleFacts,
  type SiteFacts,
  type SiteNetworkFacts,
  type Snapshot,
  type Unreadable,
  unknown,
} from '../src/pull-path/snapshot.ts';

// A healthy app, to break one thing at a time.

export const registryId =
  '/subscriptions/s/resourceGroups/blog/providers/Microsoft.ContainerRegistry/registries/hoge';
export const appId = '/subscriptions/s/resourceGroups/blog/providers/Microsoft.Web/sites/hoge-app';
export const takenOn = '2026-01-01T12:00:00.000Z';
export const tenantId = '00000000-0000-0000-0000-00000000000a';

/** Of the system-assigned identity that every healthy site has; slots share it here, to keep things short. */
export const principalId = '11111111-1111-1111-1111-111111111111';
/** A user-assigned identity, for sites that have one. */
export const userAssigned = {
  id: '/subscriptions/s/resourceGroups/blog/providers/Microsoft.ManagedIdentity/userAssignedIdentities/puller',
  clientId: '22222222-2222-2222-2222-222222222222',
  principalId: '33333333-3333-3333-3333-333333333333',
};

const role = (id: string, name: string, permission: Partial<Permission>, isCustom = false): RoleFacts => ({
  id,
  name,
  isCustom,
  permissions: [{ actions: [], notActions: [], dataActions: [], notDataActions: [], ...permission }],
});
export const acrPull = role('7f951dda-4ed3-4680-a7ca-43fe172d538d', 'AcrPull', {
  actions: ['Microsoft.ContainerRegistry/registries/pull/read'],
});
export const repositoryReader = role(
  'b93aa761-3e63-49ed-ac28-beffa264f7ac',
  'Container Registry Repository Reader',
  {
    dataActions: [
      'Microsoft.ContainerRegistry/registries/repositories/content/read',
      'Microsoft.ContainerRegistry/registries/repositories/metadata/read',
    ],
  },
);
const readRegistry = { actions: ['Microsoft.ContainerRegistry/registries/read'] };
export const customRole = role('c', 'Registry Viewer', readRegistry, true);

export const grantOf = (changes: Partial<Grant> = {}): Grant => ({
  id: `${changes.scope ?? registryId}/providers/Microsoft.Authorization/roleAssignments/1`,
  scope: registryId,
  listedIn: 's',
  principalId,
  createdOn: '2025-12-01T00:00:00.000Z',
  role: acrPull,
  ...changes,
});

export const identityOf = (...kinds: ('system' | 'user')[]): IdentityFacts => ({
  type: kinds.map((kind) => (kind === 'system' ? 'SystemAssigned' : 'UserAssigned')).join(', ') || 'None',
  ...(kinds.includes('system') && { systemAssigned: { principalId, tenantId } }),
  userAssigned: kinds.includes('user') ? [userAssigned] : [],
});

/** What differs from a healthy site. */
export interface SiteChanges extends Partial<Omit<SiteFacts, 'config' | 'appSettings' | 'network'>> {
  config?: Partial<ConfigFacts> | Fact<ConfigFacts>;
  appSettings?: AppSettingFacts | Fact<AppSettingFacts>;
  network?: Partial<SiteNetworkFacts>;
}

export function siteOf({ slot, config, appSettings, network, ...changes }: SiteChanges = {}): SiteFacts {
  return {
    id: slot ? `${appId}/slots/${slot}` : appId,
    ...(slot && { slot }),
    platform: 'linux',
    state: 'Running',
    hostName: slot ? `hoge-app-${slot}.azurewebsites.net` : 'hoge-app.azurewebsites.net',
    scmHostName: slot ? `hoge-app-${slot}.scm.azurewebsites.net` : 'hoge-app.scm.azurewebsites.net',
    identity: identityOf('system'),
    config: asFact(config, (given) => ({
      linuxFxVersion: 'DOCKER|hoge.azurecr.io/app:0.1.0',
      windowsFxVersion: '',
      acrUseManagedIdentityCreds: true,
      acrUserManagedIdentityID: null,
      ...given,
    })),
    appSettings: asFact(appSettings, (given) => given ?? { password: false }),
    containers: known([]),
    siteStatus: known([{ instanceId: 'i', state: 'Started', lastError: null }]),
    network: {
      virtualNetworkSubnetId: null,
      hostingEnvironmentId: null,
      vnetImagePullEnabled: false,
      dnsServers: [],
      outboundIpAddresses: ['192.0.2.4', '192.0.2.5'],
      possibleOutboundIpAddresses: ['192.0.2.4', '192.0.2.5', '198.51.100.4'],
      ...network,
    },
    ...changes,
  };
}

/** What differs from a healthy registry, which lets everybody in. */
export interface RegistryChanges extends Partial<Omit<RegistryFacts, 'network'>> {
  network?: Partial<RegistryNetworkFacts>;
}

export const registryOf = ({ network, ...changes }: RegistryChanges = {}): RegistryFacts => ({
  id: registryId,
  name: 'hoge',
  loginServer: 'hoge.azurecr.io',
  sku: 'Premium',
  adminUserEnabled: false,
  azureADAuthenticationAsArmPolicy: 'enabled',
  quarantinePolicy: 'disabled',
  provisioningState: 'Succeeded',
  customerManagedKey: false,
  network: {
    publicNetworkAccess: 'Enabled',
    defaultAction: 'Allow',
    ipRules: [],
    networkRuleBypassOptions: 'AzureServices',
    dataEndpointHostNames: [],
    privateEndpointConnections: [],
    ...network,
  },
  tenantId: known(tenantId),
  callerPermissions: known([{ actions: ['*'], notActions: [] }]),
  denyAssignments: known([]),
  orphans: known([]),
  ...changes,
});

export const manifestOf = (...platforms: ImagePlatform[]): ManifestFacts => ({
  digest: `sha256:${'a'.repeat(64)}`,
  mediaType: 'application/json',
  platforms,
});

/** What differs from a healthy app: its site, or its sites, and what they stand on. */
export interface Changes extends Partial<Omit<Snapshot, 'sites' | 'grants'>> {
  site?: SiteChanges;
  sites?: SiteChanges[];
  registry?: RegistryChanges | Fact<RegistryFacts>;
  /** Of the system-assigned principal. */
  grants?: Grant[] | Fact<Grant[]>;
  /** Of the user-assigned one. */
  userGrants?: Grant[];
  /** Of the image `app:0.1.0`. */
  manifest?: Snapshot['manifests'][string];
  /** That a push of it sets off. */
  hooks?: Snapshot['webhooks'][string];
}

export function snapshotOf(changes: Changes = {}): Snapshot {
  const {
    site,
    sites = [site ?? {}],
    registry,
    grants = [grantOf()],
    userGrants = [],
    manifest,
    hooks = known([]),
    ...rest
  } = changes;
  return {
    schema: 'acrpull.snapshot/1',
    takenOn,
    app: { id: appId, name: 'hoge-app', resourceGroup: 'blog', subscriptionId: 's' },
    slotSettingNames: known([]),
    sites: sites.map(siteOf),
    registries: { 'hoge.azurecr.io': asFact(registry, registryOf) },
    loginServers: known(['hoge.azurecr.io']),
    manifests: {
      'hoge.azurecr.io/app:0.1.0': manifest ?? known(manifestOf({ os: 'linux', architecture: 'amd64' })),
    },
    webhooks: { 'hoge.azurecr.io/app:0.1.0': hooks },
    grants: {
      [principalId]: Array.isArray(grants) ? known(grants) : grants,
      [userAssigned.principalId]: known(userGrants),
    },
    userAssignedIdentities: {
      [userAssigned.id.toLowerCase()]: known({
        clientId: userAssigned.clientId,
        principalId: userAssigned.principalId,
        tenantId,
      }),
    },
    ...rest,
  };
}

/** A read that was refused for want of this action. */
export const denied = (action: string): Fact<never> => unknown(becauseDenied(action));
export const becauseDenied = (action: string): Unreadable => ({
  kind: 'denied',
  message: 'no',
  resource: '/the/resource',
  action,
});

function asFact<T, G>(given: G | Fact<T> | undefined, complete: (given: G | undefined) => T): Fact<T> {
  const isFact = typeof given === 'object' && given !== null && 'known' in given;
  return isFact ? (given as Fact<T>) : known(complete(given as G | undefined));
}
