import { grantPull } from '../../remedies/grant-pull.ts';
import { selectIdentity } from '../../remedies/select-identity.ts';
import { type Check, fail, skip } from '../cause.ts';
import { clientIdEvidence } from '../identity/client-id-evidence.ts';
import { refusals } from '../log-text.ts';
import { managedIdentityPull } from '../pages.ts';
import { grantEvidence, grantsShowing } from './grant-facts.ts';

export const grantOnOtherIdentity: Check = {
  id: 'A9',
  link: 'grant',
  confidence: 'verdict',
  title: 'The role is held by the identity that does not pull',
  why: 'A site may have several identities. acrUserManagedIdentityID decides which of them pulls: the one it names, or with none the system-assigned one.',
  frequency: 'common',
  seenAs: refusals,
  judge: (view) => {
    const others = grantsShowing(view, 'A9');
    if (!others) return skip('does not apply');
    return fail(
      'another identity of the site holds the pull role, not the one that pulls',
      clientIdEvidence(view),
      ...others.map((grant) => ({
        ...grantEvidence(grant),
        property: `roleAssignment of ${grant.principalId}`,
      })),
    );
  },
  remedies: [grantPull, selectIdentity],
  docs: managedIdentityPull,
};
