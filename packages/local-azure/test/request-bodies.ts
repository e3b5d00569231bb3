import { randomUUID } from 'node:crypto';
import { root } from './arm-server.ts';
import { group, siteBody } from './web-server.ts';

export const registries = `${group}/providers/Microsoft.ContainerRegistry/registries`;
export const location = 'japaneast';

/** Bodies, and the ends of the paths that take them. */
export const bodies: [path: RegExp, body: object][] = [
  [/resourceGroupName}$/, { location, tags: { env: 'test' }, managedBy: null }],
  [
    /registryName}$/,
    {
      location,
      sku: { name: 'Premium' },
      identity: { type: 'None' },
      properties: {
        adminUserEnabled: true,
        networkRuleSet: { defaultAction: 'Allow', ipRules: [{ value: '10.0.0.0/8' }] },
        policies: { retentionPolicy: { status: 'disabled' } },
      },
    },
  ],
  [
    /serverfarms\/{name}$/,
    { location, kind: 'linux', sku: { name: 'S1', capacity: 1 }, properties: { reserved: true } },
  ],
  [
    /sites\/{name}$|{slot}$/,
    siteBody(
      { alwaysOn: true, appSettings: [{ name: 'A', value: '1' }] },
      { identity: { type: 'SystemAssigned' } },
    ),
  ],
  [
    /config\/web$/,
    {
      properties: {
        linuxFxVersion: 'DOCKER|hoge1.azurecr.io/app:1',
        acrUseManagedIdentityCreds: true,
        experiments: { rampUpRules: [{ actionHostName: 'a', reroutePercentage: 1 }] },
      },
    },
  ],
  [/config\/(appsettings|metadata)$/, { properties: { A: '1', B: null } }],
  [/connectionstrings$/, { properties: { db: { value: 'x', type: 'Custom' } } }],
  [/slotConfigNames$/, { properties: { appSettingNames: ['A'], connectionStringNames: null } }],
  [/(scm|ftp)$/, { properties: { allow: true } }],
  [/slotsswap$|SlotConfig$|slotsdiffs$/i, { targetSlot: 'staging', preserveVnet: true }],
  [/regenerateCredential$|NameAvailability$/i, { name: 'password', type: 'Microsoft.Web/sites' }],
  [/scopeMapName}$/, { properties: { description: 'd', actions: ['repositories/app/content/read'] } }],
  [
    /tokenName}$/,
    {
      properties: {
        scopeMapId: `${registries}/hoge1/scopeMaps/_repositories_pull`,
        status: 'enabled',
        credentials: { passwords: [{ name: 'password1' }] },
      },
    },
  ],
  [
    /generateCredentials$/,
    { tokenId: `${registries}/hoge1/tokens/token1`, name: 'password1', expiry: '2027-01-01T00:00:00Z' },
  ],
  [
    /webhookName}$/,
    {
      location,
      properties: { serviceUri: 'http://127.0.0.1:9/', actions: ['push'], customHeaders: { a: 'b' } },
    },
  ],
  [
    /importImage$/,
    {
      source: { sourceImage: 'app:1', registryUri: 'hoge1.azurecr.io' },
      targetTags: ['app:2'],
      mode: 'Force',
    },
  ],
  [/tags\/default$/, { operation: 'Merge', properties: { tags: { a: 'b' } } }],
  [
    /roleAssignmentName}$/,
    {
      properties: {
        roleDefinitionId: `${root}/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d`,
        principalId: randomUUID(),
        principalType: 'ServicePrincipal',
        condition: '',
      },
    },
  ],
];
