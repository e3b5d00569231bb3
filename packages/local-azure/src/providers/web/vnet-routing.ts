import { createHash } from 'node:crypto';
import { invalidParameter } from './errors.ts';

/** What of a site's traffic goes through its virtual network. Source: azure-rest-api-specs web, OutboundVnetRouting */
export interface OutboundVnetRouting {
  /** Decides for the others, too. */
  allTraffic: boolean;
  applicationTraffic: boolean;
  contentShareTraffic: boolean;
  imagePullTraffic: boolean;
  backupRestoreTraffic: boolean;
}

const none: OutboundVnetRouting = {
  allTraffic: false,
  applicationTraffic: false,
  contentShareTraffic: false,
  imagePullTraffic: false,
  backupRestoreTraffic: false,
};

/** The names that the same switches have in older api-versions. Source: Azure/AppService _posts/2024-04-23 */
const olderNames = {
  vnetRouteAllEnabled: 'applicationTraffic',
  vnetImagePullEnabled: 'imagePullTraffic',
  vnetContentShareEnabled: 'contentShareTraffic',
  vnetBackupRestoreEnabled: 'backupRestoreTraffic',
} as const;
const entries = Object.entries(olderNames) as [keyof typeof olderNames, keyof OutboundVnetRouting][];

/** A site's properties of both generations after a write, if it mentions any of them. */
export function mergeVnetRouting(
  before: Record<string, unknown>,
  given: Record<string, unknown>,
): Record<string, unknown> {
  const changes = {
    ...Object.fromEntries(entries.flatMap(([older, name]) => (older in given ? [[name, given[older]]] : []))),
    ...readFlags(given.outboundVnetRouting ?? {}),
  };
  if (Object.keys(changes).length === 0) return {};
  const routing: OutboundVnetRouting = { ...none, ...(before.outboundVnetRouting ?? {}), ...changes };
  return {
    outboundVnetRouting: routing,
    ...Object.fromEntries(entries.map(([older, name]) => [older, routing[name]])),
  };
}

function readFlags(routing: object): Partial<OutboundVnetRouting> {
  const flags = Object.entries(routing).filter(([name, value]) => name in none && value !== null);
  if (flags.some(([, value]) => typeof value !== 'boolean')) throw invalidParameter('outboundVnetRouting');
  return Object.fromEntries(flags);
}

/**
 * Whether images are pulled through the virtual network: once the property has been written it goes before the app
 * setting, and without a subnet there is no way but the public one. Source: Azure/AppService _posts/2024-04-23
 */
export function pullsOverVnet(
  properties: Record<string, unknown>,
  settings: Record<string, string>,
): boolean {
  if (!properties.virtualNetworkSubnetId) return false;
  const routing = properties.outboundVnetRouting as OutboundVnetRouting | null | undefined;
  if (routing) return routing.allTraffic || routing.imagePullTraffic;
  return /^(1|true)$/i.test(settings.WEBSITE_PULL_IMAGE_OVER_VNET ?? '');
}

/** A private address for who comes out of a subnet. There are no networks here, so it is any, and always the same. */
export function vnetAddress(subnetId: string): string {
  const [a, b, c] = createHash('sha256').update(subnetId.toLowerCase()).digest();
  return `10.${a}.${b}.${1 + (c! % 254)}`;
}

const subnetPattern =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/virtualNetworks\/[^/]+\/subnets\/[^/]+$/i;

/** There is no provider to ask whether the subnet exists: its id is taken on trust, if it is one. */
export function checkSubnet(id: unknown): void {
  if (typeof id === 'string' && id !== '' && !subnetPattern.test(id)) {
    throw invalidParameter('virtualNetworkSubnetId');
  }
}
