import { locations } from '../../resource-manager/locations.ts';
import { resourceName as lastName, parseResourceId } from '../../resource-manager/resource-id.ts';
import type { ResourceBody, ResourceRecord } from '../../store/resources.ts';
import type { SiteIdentity } from './identity.ts';
import { outboundIpAddresses, possibleOutboundIpAddresses } from './outbound-addresses.ts';
import { familyOf, tierOf } from './plan-skus.ts';
import { displayName, hostName, resourceName, scmHostName, siteNameOf } from './site-names.ts';

export const planType = 'Microsoft.Web/serverfarms';
export const siteType = 'Microsoft.Web/sites';
export const slotType = 'Microsoft.Web/sites/slots';

export interface PlanBody extends ResourceBody {
  sku: { name: string; tier: string; size: string; family: string; capacity: number };
  properties: {
    reserved: boolean;
    hyperV: boolean;
    isXenon: boolean;
    perSiteScaling: boolean;
    elasticScaleEnabled: boolean;
    maximumElasticWorkerCount: number;
    zoneRedundant: boolean;
  };
}

export interface SiteBody extends ResourceBody {
  identity?: SiteIdentity & Record<string, unknown>;
  /** The members of a site that a client may write; what follows from them is made when it is shown. */
  properties: {
    serverFarmId: string;
    enabled: boolean;
    /** The other slot of a swap that waits for its second phase: at the source and at the target. */
    targetSwapSlot?: string | null;
    /** Of the last swap. */
    slotSwapStatus?: SlotSwapStatus;
  } & Record<string, unknown>;
}

export interface SlotSwapStatus {
  timestampUtc: string;
  sourceSlotName: string;
  destinationSlotName: string;
}

export type PlanRecord = ResourceRecord<PlanBody>;
export type SiteRecord = ResourceRecord<SiteBody>;

/** What a client may write of a site besides `serverFarmId` and `siteConfig`, with what a new site has. */
export const siteDefaults = {
  enabled: true,
  httpsOnly: false,
  clientAffinityEnabled: true,
  clientCertEnabled: false,
  clientCertMode: 'Required',
  clientCertExclusionPaths: null,
  hostNamesDisabled: false,
  containerSize: 0,
  dailyMemoryTimeQuota: 0,
  redundancyMode: 'None',
  publicNetworkAccess: null,
  storageAccountRequired: false,
  keyVaultReferenceIdentity: 'SystemAssigned',
  virtualNetworkSubnetId: null,
  vnetRouteAllEnabled: false,
  vnetImagePullEnabled: false,
  vnetContentShareEnabled: false,
  vnetBackupRestoreEnabled: false,
  outboundVnetRouting: null,
  scmSiteAlsoStopped: false,
  endToEndEncryptionEnabled: false,
} as const;

/** App Service answers with a region's display name. */
export const regionName = (name: string | undefined) =>
  locations.find((location) => location.name === name)?.displayName ?? name;

const groupOf = (id: string) => parseResourceId(id)?.resourceGroupName;

/** The deployment unit of App Service that a plan is in. */
export const webSpaceOf = ({ id, body: { location, properties } }: PlanRecord) =>
  `${groupOf(id)}-${regionName(location)?.replaceAll(' ', '')}webspace${properties.reserved ? '-Linux' : ''}`;

export function presentPlan(plan: PlanRecord, siteCount: number) {
  const { id, body } = plan;
  const { location, tags, sku, properties } = body;
  const parsed = parseResourceId(id)!;
  const region = regionName(location);
  const maximum = tierOf(sku.name)?.maxWorkers ?? 1;
  return {
    id,
    name: lastName(id),
    type: planType,
    kind: body.kind,
    location: region,
    tags: tags ?? null,
    sku,
    properties: {
      name: lastName(id),
      workerTierName: null,
      workerSize: 'Default',
      workerSizeId: 0,
      numberOfWorkers: sku.capacity,
      currentNumberOfWorkers: sku.capacity,
      status: 'Ready',
      webSpace: webSpaceOf(plan),
      subscription: parsed.subscriptionId,
      maximumNumberOfWorkers: maximum,
      planName: 'VirtualDedicatedPlan',
      computeMode: 'Dedicated',
      geoRegion: region,
      numberOfSites: siteCount,
      hostingEnvironmentProfile: null,
      kind: body.kind,
      resourceGroup: parsed.resourceGroupName,
      targetWorkerCount: 0,
      targetWorkerSizeId: 0,
      provisioningState: 'Succeeded',
      ...properties,
    },
  };
}

export const planSku = (name: string, capacity: number): PlanBody['sku'] => ({
  name,
  tier: tierOf(name)?.name ?? '',
  size: name,
  family: familyOf(name),
  capacity,
});

/**
 * A site as GET shows it. `siteConfig` is null there: reading a configuration needs `config/web`, which wants a
 * permission of its own.
 */
export function presentSite({ id, body, changedOn }: SiteRecord, plan: PlanRecord | undefined) {
  const name = siteNameOf(id);
  const host = hostName(name);
  const scm = scmHostName(name);
  const { enabled, hostNamesDisabled } = body.properties;
  const state = enabled ? 'Running' : 'Stopped';
  const webSpace = plan && webSpaceOf(plan);
  return {
    id,
    name: resourceName(name),
    type: name.slot === undefined ? siteType : slotType,
    kind: body.kind,
    location: regionName(body.location),
    tags: body.tags ?? null,
    ...(body.identity ? { identity: body.identity } : {}),
    properties: {
      ...siteDefaults,
      ...body.properties,
      name: displayName(name),
      state,
      hostNames: [host],
      webSpace: webSpace ?? null,
      repositorySiteName: name.app,
      usageState: 'Normal',
      enabledHostNames: hostNamesDisabled ? [] : [host, scm],
      availabilityState: 'Normal',
      hostNameSslStates: [
        {
          name: host,
          sslState: 'Disabled',
          virtualIP: null,
          thumbprint: null,
          toUpdate: null,
          hostType: 'Standard',
        },
        {
          name: scm,
          sslState: 'Disabled',
          virtualIP: null,
          thumbprint: null,
          toUpdate: null,
          hostType: 'Repository',
        },
      ],
      reserved: plan?.body.properties.reserved ?? false,
      isXenon: plan?.body.properties.isXenon ?? false,
      hyperV: plan?.body.properties.hyperV ?? false,
      lastModifiedTimeUtc: new Date(changedOn).toISOString().replace('Z', ''),
      siteConfig: null,
      trafficManagerHostNames: null,
      targetSwapSlot: body.properties.targetSwapSlot ?? null,
      hostingEnvironmentProfile: null,
      outboundIpAddresses: webSpace && outboundIpAddresses(webSpace, plan.body.sku.tier).join(','),
      possibleOutboundIpAddresses: webSpace && possibleOutboundIpAddresses(webSpace).join(','),
      // Visitors reach the site on this machine.
      inboundIpAddress: '127.0.0.1',
      suspendedTill: null,
      maxNumberOfWorkers: null,
      cloningInfo: null,
      resourceGroup: groupOf(id),
      isDefaultContainer: null,
      defaultHostName: host,
      slotSwapStatus: body.properties.slotSwapStatus ?? null,
      inProgressOperationId: null,
      sku: plan?.body.sku.tier,
    },
  };
}
