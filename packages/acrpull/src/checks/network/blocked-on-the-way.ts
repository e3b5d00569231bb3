import { lookFromInside } from '../../remedies/by-hand/network.ts';
import { type Check, cannotTell, skip } from '../cause.ts';
import {
  authenticationRequired,
  clientTimeout,
  dialTimeout,
  overVnet,
  overVnetFailed,
  unavailable,
} from '../log-text.ts';
import { checkHealth } from '../look-at-link.ts';
import { vnetIntegration } from '../pages.ts';
import { hasNoDoor, networkFacts } from './network-facts.ts';

/** What lies between: a virtual network is not read, so that no pull through one is ever said to get through. */
export const blockedOnTheWay: Check = {
  id: 'D11',
  link: 'network',
  confidence: 'verdict',
  title: 'A security group, a route or a firewall stands in between',
  why: 'A pull through a virtual network needs its way to the registry, to where the layers are and to the sign-in of Entra. What keeps the last from answering looks like a refusal.',
  frequency: 'common',
  seenAs: [dialTimeout, clientTimeout, unavailable, overVnet, overVnetFailed, authenticationRequired],
  judge: (view) => {
    const facts = networkFacts(view);
    if (!facts.ready || facts.route.kind === 'public') return skip('the pull goes over the internet');
    if (hasNoDoor(facts.registry)) return skip('the registry lets nobody in');
    const { site } = view;
    const resource = site.network.hostingEnvironmentId ?? site.network.virtualNetworkSubnetId ?? site.id;
    const notRead = { kind: 'not-read', message: 'virtual networks are not read', resource } as const;
    switch (facts.route.kind) {
      case 'vnet':
        return cannotTell(
          'the pull goes through a virtual network, whose routes, rules and DNS were not checked',
          notRead,
        );
      case 'undecided':
        return cannotTell('whether the pull goes through the virtual network is not known: see D4', notRead);
      case 'unknown':
        return cannotTell(
          'whether the pull goes through the virtual network is not known: an app setting may say so',
          facts.route.because,
        );
    }
  },
  look: checkHealth,
  remedies: [lookFromInside],
  lookAlikes: {
    ids: ['D6', 'D8', 'D9', 'D10'],
    commands: (view) => lookFromInside.commands(view),
  },
  docs: vnetIntegration,
};
