import { type ProviderOperations, under } from './operation-names.ts';

/** Source: MicrosoftDocs/azure-docs role-based-access-control/permissions/identity.md */
export const managedIdentityOperations: ProviderOperations = {
  complete: ['Microsoft.ManagedIdentity'],
  control: [
    ...under('Microsoft.ManagedIdentity', ['register/action identities/read operations/read']),
    ...under('Microsoft.ManagedIdentity/userAssignedIdentities', [
      'read write delete assign/action listAssociatedResources/action revokeTokens/action',
    ]),
    ...under('Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials', [
      'read write delete',
    ]),
  ],
  data: [],
};
