import { allowDataEndpoints } from '../../remedies/by-hand/network.ts';
import { type Check, skip, warn } from '../cause.ts';
import { clientTimeout, dialTimeout, overVnet, overVnetFailed } from '../log-text.ts';
import { dataEndpoints } from '../pages.ts';
import { hasApprovedEndpoint, vnetFacts } from './network-facts.ts';

/** Source: learn.microsoft.com/azure/container-registry/container-registry-dedicated-data-endpoints */
export const dataEndpointBlocked: Check = {
  id: 'D10',
  link: 'network',
  confidence: 'hint',
  title: 'A firewall of the virtual network may not know the registry’s data endpoint',
  why: 'With dedicated data endpoints layers come from <registry>.<region>.data.azurecr.io, and no longer from *.blob.core.windows.net: a rule for either lets no layer of the other through.',
  frequency: 'occasional',
  seenAs: [dialTimeout, clientTimeout, overVnet, overVnetFailed],
  judge: (view) => {
    const facts = vnetFacts(view);
    if (!facts || hasApprovedEndpoint(facts.registry)) return skip('no firewall is passed on the way');
    const { id, network } = facts.registry;
    if (network.dataEndpointHostNames.length === 0) return skip('there are no dedicated data endpoints');
    return warn(
      'layers come from other hosts than the registry, which a firewall on the way has to let through',
      {
        property: 'properties.dataEndpointHostNames',
        value: network.dataEndpointHostNames.join(', '),
        resource: id,
      },
    );
  },
  remedies: [allowDataEndpoints],
  docs: dataEndpoints,
};
