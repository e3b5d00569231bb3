import { grantPull } from '../../remedies/grant-pull.ts';
import { chooseIdentity, selectIdentity } from '../../remedies/select-identity.ts';
import { type Check, fail, skip } from '../cause.ts';
import { refusals } from '../log-text.ts';
import { managedIdentityPull } from '../pages.ts';
import { attachedEvidence, clientIdEvidence } from './client-id-evidence.ts';

export const clientIdOfAnotherKind: Check = {
  id: 'A6',
  link: 'identity',
  confidence: 'verdict',
  title: 'acrUserManagedIdentityID holds an id of another kind',
  why: 'An identity has three ids. This property wants the client id; role assignments want the principal id, and most other services the resource id.',
  frequency: 'very common',
  seenAs: refusals,
  judge: (view) => {
    const { principal } = view;
    if (principal.found) return skip('does not apply');
    const kinds = {
      'client-id-is-principal-id':
        'the principal id of an attached identity stands where its client id belongs',
      'client-id-malformed': 'what stands where a client id belongs is no GUID',
    };
    if (!(principal.reason in kinds)) return skip('does not apply');
    const says = kinds[principal.reason as keyof typeof kinds];
    return fail(says, clientIdEvidence(view), attachedEvidence(view));
  },
  remedies: [selectIdentity, chooseIdentity, grantPull],
  docs: managedIdentityPull,
};
