import { assignIdentity } from '../../remedies/assign-identity.ts';
import { grantPull } from '../../remedies/grant-pull.ts';
import { selectIdentity } from '../../remedies/select-identity.ts';
import { type Check, fail, skip } from '../cause.ts';
import { refusals } from '../log-text.ts';
import { managedIdentityPull } from '../pages.ts';
import { clientIdEvidence, identityTypeEvidence } from './client-id-evidence.ts';

export const clientIdMissing: Check = {
  id: 'A7',
  link: 'identity',
  confidence: 'verdict',
  title: 'Only user-assigned identities, and acrUserManagedIdentityID is empty',
  why: 'With an empty acrUserManagedIdentityID the platform asks for the system-assigned identity, which this site has not.',
  frequency: 'very common',
  seenAs: refusals,
  judge: (view) => {
    const { principal, container } = view;
    if (principal.found || principal.reason !== 'client-id-missing') return skip('does not apply');
    if (container) return skip('see A19: a container names no identity');
    return fail(
      'acrUserManagedIdentityID names no identity, and there is no system-assigned one',
      identityTypeEvidence(view),
      clientIdEvidence(view),
    );
  },
  remedies: [selectIdentity, assignIdentity, grantPull],
  // The property is empty, too, where a wrong value was dropped without a word.
  lookAlikes: {
    ids: ['A6', 'A11', 'A12'],
    commands: () => [
      '# what does your template, pipeline or Terraform state say? The live value is empty all the same',
    ],
  },
  docs: managedIdentityPull,
};
