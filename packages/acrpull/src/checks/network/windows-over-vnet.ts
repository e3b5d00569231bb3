import { allowAddresses } from '../../remedies/by-hand/network.ts';
import { type Check, skip, warn } from '../cause.ts';
import { overVnet, overVnetFailed } from '../log-text.ts';
import { vnetIntegration } from '../pages.ts';
import { routeEvidence, vnetFacts } from './network-facts.ts';

/** Sources: the post of D13, of 2021; MicrosoftDocs/azure-docs issue 89178, of 2022. What holds today is not known. */
export const windowsOverVnet: Check = {
  id: 'D14',
  link: 'network',
  confidence: 'hint',
  title: 'Windows containers may not pull through a virtual network',
  why: 'Years ago the switch did nothing for Windows: images came over the internet, and a private registry refused them.',
  frequency: 'occasional',
  seenAs: [overVnet, overVnetFailed],
  judge: (view) => {
    if (view.site.platform !== 'windows') return skip('the site runs on Linux');
    if (!vnetFacts(view)) return skip('the pull does not go through a virtual network');
    return warn('a Windows site is set to pull through a virtual network', ...routeEvidence(view));
  },
  remedies: [allowAddresses],
  docs: vnetIntegration,
};
