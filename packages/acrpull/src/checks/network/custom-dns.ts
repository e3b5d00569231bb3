import { linkPrivateZone } from '../../remedies/by-hand/network.ts';
import { type Check, skip, warn } from '../cause.ts';
import { addressDenied, nameResolution, noSuchHost, overVnet, overVnetFailed } from '../log-text.ts';
import { privateEndpoints } from '../look-at-link.ts';
import { privateRegistry } from '../pages.ts';
import { hasApprovedEndpoint, vnetFacts } from './network-facts.ts';

/** Which zones a network is linked with, and what a DNS server of one's own forwards, is not read. */
export const customDns: Check = {
  id: 'D8',
  link: 'network',
  confidence: 'hint',
  title: 'The virtual network may not resolve the registry to its private endpoint',
  why: 'The private address stands in the zone privatelink.azurecr.io. Where the zone is not linked with the network, or a DNS server of one’s own does not forward to Azure’s, the name has no address, or the public one.',
  frequency: 'very common',
  seenAs: [noSuchHost, nameResolution, addressDenied, overVnet, overVnetFailed],
  judge: (view) => {
    const facts = vnetFacts(view);
    if (!facts || !hasApprovedEndpoint(facts.registry)) return skip('no private endpoint is used');
    const { site } = view;
    const { dnsServers } = site.network;
    const hasSetting = site.appSettings.known && site.appSettings.value.dnsServer;
    if (dnsServers.length === 0 && !hasSetting) return skip('the site has no DNS server of its own');
    return warn(
      'the site asks a DNS server of its own, which has to forward azurecr.io to Azure’s',
      dnsServers.length > 0
        ? {
            property: 'properties.dnsConfiguration.dnsServers',
            value: dnsServers.join(', '),
            resource: site.id,
          }
        : { property: 'WEBSITE_DNS_SERVER', value: 'is set', resource: `${site.id}/config/appsettings` },
    );
  },
  look: privateEndpoints,
  remedies: [linkPrivateZone],
  docs: privateRegistry,
};
