import { acceptArmTokens } from '../../remedies/by-hand/registry.ts';
import { type Check, fail, skip } from '../cause.ts';
import { refusals, tokenValidationFailed } from '../log-text.ts';
import { armTokens } from '../pages.ts';

export const armTokensRefused: Check = {
  id: 'B5',
  link: 'grant',
  confidence: 'verdict',
  title: 'The registry does not accept tokens for Resource Manager',
  why: 'Web Apps pull with a token that is meant for Resource Manager. With azureADAuthenticationAsArmPolicy disabled, which an Azure Policy advises, a registry takes only tokens that are meant for registries.',
  frequency: 'occasional',
  seenAs: [tokenValidationFailed, ...refusals],
  judge: ({ registry }) => {
    if (!registry?.known) return skip('the registry is not known');
    const { azureADAuthenticationAsArmPolicy: status, id } = registry.value;
    if (status !== 'disabled') return skip('they are accepted');
    return fail('the registry refuses the kind of token that Web Apps pull with', {
      property: 'properties.policies.azureADAuthenticationAsArmPolicy.status',
      value: status,
      resource: id,
    });
  },
  remedies: [acceptArmTokens],
  docs: armTokens,
};
