import { selectIdentity } from '../remedies/by-hand.ts';
import { type Check, fail, skip } from './check.ts';

export const clientIdNotAttached: Check = {
  id: 'A8',
  link: 'identity',
  title: 'acrUserManagedIdentityID names an identity that is not attached',
  why: 'The property wants the client id of a user-assigned identity that is attached to this very site.',
  judge: ({ site, principal }) => {
    if (principal.found || principal.reason !== 'client-id-not-attached') return skip('does not apply');
    const clientIds = site.identity.userAssigned.map((it) => it.clientId).join(', ') || 'none';
    return fail(
      'acrUserManagedIdentityID is the client id of no attached identity',
      {
        property: 'properties.acrUserManagedIdentityID',
        value: String(site.config.known && site.config.value.acrUserManagedIdentityID),
        resource: `${site.id}/config/web`,
      },
      { property: 'identity.userAssignedIdentities[*].clientId', value: clientIds, resource: site.id },
    );
  },
  remedies: [selectIdentity],
  docs: 'https://learn.microsoft.com/azure/app-service/configure-custom-container#use-managed-identity-to-pull-image-from-azure-container-registry',
};
