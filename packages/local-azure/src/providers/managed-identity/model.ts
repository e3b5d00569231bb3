import type { FederatedCredential } from '../../entra/entra.ts';
import { presentTracked } from '../../resource-manager/tracked-resource.ts';
import type { ResourceBody, ResourceRecord } from '../../store/resources.ts';

export const identityType = 'Microsoft.ManagedIdentity/userAssignedIdentities';
export const federatedCredentialType = `${identityType}/federatedIdentityCredentials`;

export interface IdentityBody extends ResourceBody {
  location: string;
  properties: { principalId: string; clientId: string };
}

export type IdentityRecord = ResourceRecord<IdentityBody>;

/** Source: azure-rest-api-specs msi 2024-11-30 UserAssignedIdentityProperties */
export const presentIdentity = (record: IdentityRecord, tenantId: string) => ({
  ...presentTracked(record, identityType),
  properties: { isolationScope: 'None', tenantId, ...record.body.properties },
});

export const presentFederatedCredential = (
  identity: IdentityRecord,
  { name, issuer, subject, audiences }: FederatedCredential,
) => ({
  id: `${identity.id}/federatedIdentityCredentials/${name}`,
  name,
  type: federatedCredentialType,
  properties: { issuer, subject, audiences },
});
