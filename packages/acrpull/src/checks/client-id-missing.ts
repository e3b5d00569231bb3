import { assignIdentity } from '../remedies/assign-identity.ts';
import { selectIdentity } from '../remedies/by-hand.ts';
import { grantPull } from '../remedies/grant-pull.ts';
import { type Check, fail, skip } from './check.ts';

export const clientIdMissing: Check = {
  id: 'A7',
  link: 'identity',
  title: 'Only user-assigned identities, and acrUserManagedIdentityID is empty',
  why: 'With an empty acrUserManagedIdentityID the platform asks for the system-assigned identity, which this site has not.',
  judge: ({ site, principal }) => {
    if (principal.found || principal.reason !== 'client-id-missing') return skip('does not apply');
    return fail(
      'acrUserManagedIdentityID names no identity, and there is no system-assigned one',
      { property: 'identity.type', value: site.identity.type, resource: site.id },
      { property: 'properties.acrUserManagedIdentityID', value: 'null', resource: `${site.id}/config/web` },
    );
  },
  remedies: [selectIdentity, assignIdentity, grantPull],
  docs: 'https://learn.microsoft.com/azure/app-service/configure-custom-container#use-managed-identity-to-pull-image-from-azure-container-registry',
};
