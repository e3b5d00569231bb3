import type { RegistryFacts } from '../../pull-path/snapshot.ts';
import { approveEndpoint } from '../../remedies/by-hand/network.ts';
import { type Check, type Evidence, fail, skip, warn } from '../cause.ts';
import { networkRefusals, overVnet, overVnetFailed } from '../log-text.ts';
import { privateEndpoints } from '../look-at-link.ts';
import { hasNoDoor, networkFacts, rulesEvidence } from './network-facts.ts';

/**
 * Source: MicrosoftDocs/azure-docs private-link/manage-private-endpoint.md: only an approved one "is ready to be used"
 */
export const endpointNotApproved: Check = {
  id: 'D12',
  link: 'network',
  confidence: 'verdict',
  title: 'The registry has not approved the private endpoint',
  why: 'Whoever makes an endpoint without rights at the registry asks its owner for approval, and until then it lets nothing through. What was rejected or disconnected never will.',
  frequency: 'occasional',
  seenAs: [...networkRefusals, overVnet, overVnetFailed],
  judge: (view) => {
    const facts = networkFacts(view);
    if (!facts.ready || facts.route.kind === 'public')
      return skip('the pull does not go through a virtual network');
    const { registry } = facts;
    const waiting = registry.network.privateEndpointConnections.filter(({ status }) =>
      ['Pending', 'Rejected'].includes(status),
    );
    if (hasNoDoor(registry) && registry.network.privateEndpointConnections.length > 0) {
      return fail(
        'no private endpoint of the registry is approved, and it has no public access',
        ...connectionsEvidence(registry),
        ...rulesEvidence(registry),
      );
    }
    if (waiting.length === 0) return skip('no private endpoint waits for approval');
    return warn(
      'a private endpoint of the registry is not approved: it may be the one that the site needs',
      ...connectionsEvidence(registry),
    );
  },
  look: privateEndpoints,
  remedies: [approveEndpoint],
  docs: 'https://learn.microsoft.com/azure/private-link/manage-private-endpoint',
};

const connectionsEvidence = ({ id, network }: RegistryFacts): Evidence[] =>
  network.privateEndpointConnections.map(({ name, status }) => ({
    property: 'properties.privateLinkServiceConnectionState.status',
    value: status,
    resource: `${id}/privateEndpointConnections/${name}`,
  }));
