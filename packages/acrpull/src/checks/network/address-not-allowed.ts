import { allowAddresses, pullOverVnet } from '../../remedies/by-hand/network.ts';
import { type Check, fail, skip, warn } from '../cause.ts';
import { networkRefusals } from '../log-text.ts';
import { networkRules } from '../look-at-link.ts';
import { selectedNetworks } from '../pages.ts';
import { networkFacts, outboundEvidence, rulesEvidence } from './network-facts.ts';

export const addressNotAllowed: Check = {
  id: 'D2',
  link: 'network',
  confidence: 'verdict',
  title: 'The registry’s rules lack some of the site’s addresses',
  why: 'A site calls from any of its outbound addresses, at random, and gets others when its tier changes: a rule for one of them lets some pulls in and refuses others.',
  frequency: 'common',
  seenAs: networkRefusals,
  judge: (view) => {
    const facts = networkFacts(view);
    if (!facts.ready || facts.route.kind !== 'public') return skip('does not apply');
    const { registry, refused, refusedLater } = facts;
    if (facts.isRefused) return skip('see D1: none of its addresses is let in');
    if (refused.length > 0) {
      return fail(
        `pulls from ${refused.join(', ')} are refused`,
        ...rulesEvidence(registry),
        outboundEvidence(view),
      );
    }
    if (refusedLater.length === 0) return skip('all of its addresses are let in');
    return warn(
      'the addresses that the site has today are let in, and not all that it may come to have',
      ...rulesEvidence(registry),
      {
        property: 'properties.possibleOutboundIpAddresses',
        value: `${refusedLater.join(', ')} are not let in`,
        resource: view.site.id,
      },
    );
  },
  look: networkRules,
  remedies: [allowAddresses, pullOverVnet],
  docs: selectedNetworks,
};
