import { isOpen } from '../../pull-path/registry-firewall.ts';
import { pullOverInternet } from '../../remedies/by-hand/network.ts';
import { type Check, skip, warn } from '../cause.ts';
import { clientTimeout, dialTimeout, overVnet, overVnetFailed } from '../log-text.ts';
import { vnetIntegration } from '../look-at-link.ts';
import { pullOverVnet } from '../pages.ts';
import { hasApprovedEndpoint, routeEvidence, rulesEvidence, vnetFacts } from './network-facts.ts';

/** Source: Azure/azure-functions-ux pull request 6822 */
export const vnetWithoutWay: Check = {
  id: 'D6',
  link: 'network',
  confidence: 'hint',
  title: 'The pull goes through a virtual network that may have no way to the registry',
  why: 'The portal turns the pull over the virtual network on for images of an Azure registry. A registry without a private endpoint is then reached only if that network has a way to the internet.',
  frequency: 'occasional',
  seenAs: [overVnet, overVnetFailed, dialTimeout, clientTimeout],
  judge: (view) => {
    const facts = vnetFacts(view);
    if (!facts) return skip('the pull does not go through a virtual network');
    const { registry } = facts;
    if (!isOpen(registry.network) || hasApprovedEndpoint(registry))
      return skip('the registry is a private one');
    return warn(
      'the registry is open to the internet, and the pull takes the virtual network all the same',
      ...routeEvidence(view),
      ...rulesEvidence(registry),
    );
  },
  look: vnetIntegration,
  remedies: [pullOverInternet],
  docs: pullOverVnet,
};
