import { recreateIdentity } from '../../remedies/by-hand/identity.ts';
import { chooseIdentity } from '../../remedies/select-identity.ts';
import { type Check, cannotTell, fail, skip, warn } from '../cause.ts';
import { refusals } from '../log-text.ts';

/** Source: MicrosoftDocs manage-user-assigned-managed-identities: deleting one removes no reference to it. */
export const identityDeleted: Check = {
  id: 'B7',
  link: 'identity',
  confidence: 'verdict',
  title: 'The user-assigned identity is deleted',
  why: 'A site keeps listing an identity that was deleted, and nobody gets a token for it. One that is made anew under the old name has other ids.',
  frequency: 'occasional',
  seenAs: refusals,
  judge: ({ principal, site, snapshot }) => {
    if (!principal.found || principal.kind !== 'user-assigned')
      return skip('no user-assigned identity pulls');
    const { identityId, principalId } = principal;
    const identity = snapshot.userAssignedIdentities[identityId.toLowerCase()];
    if (!identity) return skip('the identity was not looked up');
    if (!identity.known)
      return cannotTell('whether the identity still exists is not known', identity.because);
    const listed = {
      property: 'identity.userAssignedIdentities[*].principalId',
      value: principalId,
      resource: site.id,
    };
    if (!identity.value) {
      return fail('the user-assigned identity that pulls does not exist any more', listed, {
        property: 'identity',
        value: 'absent (404)',
        resource: identityId,
      });
    }
    if (identity.value.principalId.toLowerCase() === principalId.toLowerCase())
      return skip('the identity exists');
    return warn('the identity was made anew: the site lists the principal of the old one', listed, {
      property: 'properties.principalId',
      value: identity.value.principalId,
      resource: identityId,
    });
  },
  remedies: [recreateIdentity, chooseIdentity],
  docs: 'https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/manage-user-assigned-managed-identities-azure-portal#delete-a-user-assigned-managed-identity',
};
