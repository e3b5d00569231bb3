import { attachIdentity } from '../../remedies/by-hand/identity.ts';
import { chooseIdentity } from '../../remedies/select-identity.ts';
import { type Check, fail, skip } from '../cause.ts';
import { refusals } from '../log-text.ts';
import { managedIdentityPull } from '../pages.ts';
import { attachedEvidence, clientIdEvidence } from './client-id-evidence.ts';

export const clientIdNotAttached: Check = {
  id: 'A8',
  link: 'identity',
  confidence: 'verdict',
  title: 'acrUserManagedIdentityID names an identity that is not attached',
  why: 'The platform takes only identities that are attached to this very app or slot. A slot has attachments of its own.',
  frequency: 'common',
  seenAs: refusals,
  judge: (view) => {
    const { principal } = view;
    if (principal.found || principal.reason !== 'client-id-not-attached') return skip('does not apply');
    return fail(
      'the identity with this client id is not attached',
      clientIdEvidence(view),
      attachedEvidence(view),
    );
  },
  remedies: [attachIdentity, chooseIdentity],
  docs: managedIdentityPull,
};
