import { pullOverVnet } from '../../remedies/by-hand/network.ts';
import { type Check, skip, warn } from '../cause.ts';
import { networkRefusals } from '../log-text.ts';
import { networkFacts } from './network-facts.ts';

/**
 * Source: MicrosoftDocs/azure-docs container-registry/allow-access-trusted-services.md: "enabling the allow trusted
 * services setting doesn't apply to App Service"
 */
export const trustedServices: Check = {
  id: 'D3',
  link: 'network',
  confidence: 'hint',
  title: 'App Service is none of the trusted services',
  why: '"Allow trusted Microsoft services" lets a few services past the registry’s network rules. App Service is not among them.',
  frequency: 'common',
  seenAs: networkRefusals,
  judge: (view) => {
    const facts = networkFacts(view);
    if (!facts.ready || facts.route.kind !== 'public' || !facts.isRefused) return skip('does not apply');
    const { id, network } = facts.registry;
    if (network.networkRuleBypassOptions !== 'AzureServices') return skip('no service is trusted');
    return warn('trusted services get past the registry’s rules, and this site does not', {
      property: 'properties.networkRuleBypassOptions',
      value: network.networkRuleBypassOptions,
      resource: id,
    });
  },
  remedies: [pullOverVnet],
  docs: 'https://learn.microsoft.com/azure/container-registry/allow-access-trusted-services',
};
