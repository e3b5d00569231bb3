import { pullOverVnet } from '../../remedies/by-hand/network.ts';
import { type Check, fail, skip } from '../cause.ts';
import { networkRefusals } from '../log-text.ts';
import { vnetIntegration } from '../look-at-link.ts';
import { whatSwaps } from '../pages.ts';
import { integratedSibling, networkFacts, routeEvidence, rulesEvidence } from './network-facts.ts';

export const slotNotIntegrated: Check = {
  id: 'D7',
  link: 'network',
  confidence: 'verdict',
  title: 'Another slot pulls through its virtual network, this one does not',
  why: 'Each slot has a network integration of its own, and it does not travel with a swap: what holds for production says nothing of the slot.',
  frequency: 'common',
  seenAs: networkRefusals,
  judge: (view) => {
    const facts = networkFacts(view);
    const sibling = integratedSibling(view);
    if (!facts.ready || !sibling || facts.route.kind !== 'public') return skip('does not apply');
    if (!facts.isRefused) return skip('the registry lets the site in');
    return fail(
      `the site pulls over the internet, where the registry refuses it, and ${sibling} through a virtual network`,
      ...routeEvidence(view),
      ...rulesEvidence(facts.registry),
    );
  },
  look: vnetIntegration,
  remedies: [pullOverVnet],
  docs: whatSwaps,
};
