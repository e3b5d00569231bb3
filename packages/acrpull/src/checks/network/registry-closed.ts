import { isOpen } from '../../pull-path/registry-firewall.ts';
import { allowAddresses, pullOverVnet } from '../../remedies/by-hand/network.ts';
import { type Check, cannotTell, fail, pass, skip } from '../cause.ts';
import { networkRefusals, overVnet, overVnetFailed } from '../log-text.ts';
import { lookAtLink } from '../look-at-link.ts';
import { pullFails } from '../pages.ts';
import {
  hasNoDoor,
  integratedSibling,
  networkFacts,
  outboundEvidence,
  routeEvidence,
  rulesEvidence,
} from './network-facts.ts';

export const registryClosed: Check = {
  id: 'D1',
  link: 'network',
  confidence: 'verdict',
  title: 'The registry does not let the site in',
  why: 'The registry takes no requests from the internet, or not from this site’s addresses, and the pull comes from there. The newer worker says "forbidden or unauthorized" of it, as of a missing grant.',
  frequency: 'very common',
  seenAs: [...networkRefusals, overVnet, overVnetFailed],
  judge: (view) => {
    const facts = networkFacts(view);
    if (!facts.ready) return facts.verdict;
    const { route, registry, refused, isRefused } = facts;
    const { network } = registry;
    const hasNoEndpoint = network.privateEndpointConnections.length === 0;
    if (hasNoEndpoint && hasNoDoor(registry) && route.kind !== 'public') {
      return fail(
        `${registry.loginServer} has neither public access nor a private endpoint: nobody gets in`,
        ...rulesEvidence(registry),
        { property: 'properties.privateEndpointConnections', value: '[]', resource: registry.id },
      );
    }
    if (route.kind !== 'public') return skip('see D11: the pull may go through a virtual network');
    if (isRefused) {
      if (integratedSibling(view))
        return skip('see D7: another site of this app comes through its virtual network');
      return fail(
        `${registry.loginServer} does not let in the addresses that the site pulls from`,
        ...rulesEvidence(registry),
        outboundEvidence(view),
        ...routeEvidence(view),
      );
    }
    if (isOpen(network)) return pass(`${registry.loginServer} is open to all networks`);
    if (view.site.network.outboundIpAddresses.length === 0) {
      const message = 'Azure did not tell from which addresses it calls';
      return cannotTell('whether the registry’s rules let the site in was not checked', {
        kind: 'not-read',
        message,
        resource: view.site.id,
      });
    }
    if (refused.length > 0) return skip('see D2: some of its addresses are let in');
    return pass(`${registry.loginServer} lets in the addresses of the site`);
  },
  remedies: [pullOverVnet, allowAddresses],
  lookAlikes: {
    ids: ['B2'],
    commands: (view) => [lookAtLink.network(view)],
  },
  docs: pullFails,
};
