import { type PullRoute, pullRoute } from '../../pull-path/pull-route.ts';
import { isClosed, refusedAddresses } from '../../pull-path/registry-firewall.ts';
import { type SiteView, siteName } from '../../pull-path/site-view.ts';
import type { RegistryFacts } from '../../pull-path/snapshot.ts';
import { cannotTell, type Evidence, skip, type Verdict } from '../cause.ts';
import { isRegistryAbsent } from '../registry/registry-absent.ts';

/** The way of the pull, and what the registry makes of who comes over the internet; or why nothing can be said. */
export type NetworkFacts =
  | {
      ready: true;
      route: PullRoute;
      registry: RegistryFacts;
      /** Of the addresses that the site calls from, those that are refused. */
      refused: string[];
      /** The same of those that it may come to call from. */
      refusedLater: string[];
      /** Whether none of either is let in. */
      isRefused: boolean;
    }
  | { ready: false; verdict: Verdict };

export function networkFacts(view: SiteView): NetworkFacts {
  const { azureImage, registry, site } = view;
  const not = (verdict: Verdict): NetworkFacts => ({ ready: false, verdict });
  if (!azureImage || !registry) return not(skip('no Azure Container Registry is named'));
  if (isRegistryAbsent(view)) return not(skip('there is no such registry'));
  if (!registry.known)
    return not(cannotTell('network rules were not checked: the registry is not visible', registry.because));
  const { network } = registry.value;
  const { outboundIpAddresses, possibleOutboundIpAddresses: possible } = site.network;
  const refusedLater = refusedAddresses(network, possible);
  return {
    ready: true,
    route: pullRoute(site),
    registry: registry.value,
    refused: refusedAddresses(network, outboundIpAddresses),
    refusedLater,
    isRefused: isClosed(network) || (possible.length > 0 && refusedLater.length === possible.length),
  };
}

/** Of a check that speaks of pulls through a virtual network alone. */
export function vnetFacts(view: SiteView): Extract<NetworkFacts, { ready: true }> | undefined {
  const facts = networkFacts(view);
  return facts.ready && facts.route.kind === 'vnet' ? facts : undefined;
}

export const hasApprovedEndpoint = ({ network }: RegistryFacts): boolean =>
  network.privateEndpointConnections.some(({ status }) => status === 'Approved');

/** Whether a registry has no door: no public access, and no private endpoint that is ready. */
export const hasNoDoor = (registry: RegistryFacts): boolean =>
  registry.network.publicNetworkAccess !== 'Enabled' && !hasApprovedEndpoint(registry);

/** The name of another site of the same app that pulls through a virtual network, for telling D1 from D7. */
export function integratedSibling({ snapshot, site }: SiteView): string | undefined {
  const other = snapshot.sites.find((it) => it.id !== site.id && pullRoute(it).kind === 'vnet');
  return other && siteName({ snapshot, site: other });
}

/** What the registry lets in, as it was read. */
export function rulesEvidence({ id, network }: RegistryFacts): Evidence[] {
  const { publicNetworkAccess, defaultAction, ipRules } = network;
  if (publicNetworkAccess !== 'Enabled') {
    return [{ property: 'properties.publicNetworkAccess', value: publicNetworkAccess, resource: id }];
  }
  const rules = ipRules.length > 0 ? `, but for ${ipRules.join(', ')}` : '';
  return [{ property: 'properties.networkRuleSet', value: `${defaultAction}${rules}`, resource: id }];
}

export const outboundEvidence = ({ site }: SiteView): Evidence => ({
  property: 'properties.outboundIpAddresses',
  value: site.network.outboundIpAddresses.join(', ') || 'not told',
  resource: site.id,
});

/** What decides that the pull goes over the internet, or not. */
export function routeEvidence({ site }: SiteView): Evidence[] {
  const { virtualNetworkSubnetId, vnetImagePullEnabled, hostingEnvironmentId } = site.network;
  const property = (name: string, value: unknown): Evidence => ({
    property: `properties.${name}`,
    value: String(value),
    resource: site.id,
  });
  if (hostingEnvironmentId) return [property('hostingEnvironmentProfile.id', hostingEnvironmentId)];
  return [
    property('virtualNetworkSubnetId', virtualNetworkSubnetId),
    property('vnetImagePullEnabled', vnetImagePullEnabled),
  ];
}
