import { createHash } from 'node:crypto';

/**
 * The addresses that sites call from. A deployment unit of App Service, which is a web space, has a few for each
 * family of workers, and all its sites share those of the family that their plan's tier runs on.
 * Sources: MicrosoftDocs/azure-docs app-service overview-inbound-outbound-ips.md, networking-features.md. The families'
 * networks are those for documentation, so that nobody else is met there: RFC 5737.
 */
const networks = { common: '192.0.2', premiumV2: '198.51.100', premiumV3: '203.0.113' };

/** A site of the tier calls from these. Source: `outboundIpAddresses` of azure-rest-api-specs web SiteProperties */
export const outboundIpAddresses = (webSpace: string, tier: string): string[] =>
  addresses(webSpace, networkOf(tier));

/** A site in the web space can come to call from these, when its tier changes. */
export const possibleOutboundIpAddresses = (webSpace: string): string[] =>
  Object.values(networks).flatMap((network) => addresses(webSpace, network));

/** The one that a site's worker pulls from. Azure takes any of them, at random; this one stays, so that a run repeats. */
export function pullAddress(siteId: string, webSpace: string, tier: string): string {
  const all = outboundIpAddresses(webSpace, tier);
  return all[hash(siteId) % all.length]!;
}

function networkOf(tier: string): string {
  if (tier.endsWith('V2')) return networks.premiumV2;
  return /V[34]$/.test(tier) ? networks.premiumV3 : networks.common;
}

/** Azure has 4 to 11 in a family. */
const perFamily = 4;

/** Neighbours, beside a network's first and last addresses, which are nobody's. */
function addresses(webSpace: string, network: string): string[] {
  const first = firstAddress(webSpace);
  return Array.from({ length: perFamily }, (_, n) => `${network}.${first + n}`);
}

/** Each GET of a site shows them, and a hash is a tenth of what that costs. There are few web spaces. */
const known = new Map<string, number>();

function firstAddress(webSpace: string): number {
  const first = known.get(webSpace) ?? perFamily * (1 + (hash(webSpace) % (256 / perFamily - 2)));
  known.set(webSpace, first);
  return first;
}

const hash = (text: string): number =>
  createHash('sha256').update(text.toLowerCase()).digest().readUInt32BE();
