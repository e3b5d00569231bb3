import {
  federatedCredentialConflict,
  maxFederatedCredentials,
} from '../../entra/directory/federated-credentials.ts';
import type { FederatedCredential } from '../../entra/entra.ts';
import {
  invalidCredentialName,
  invalidIdentityName,
  invalidIssuer,
  sameIssuerAndSubject,
  tooManyCredentials,
} from './errors.ts';

/** Source: learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftmanagedidentity */
export function checkIdentityName(name: string): void {
  if (!/^[a-z0-9][a-z0-9_-]{2,127}$/i.test(name)) throw invalidIdentityName(name);
}

/** The name as in azure-rest-api-specs msi 2024-11-30, FederatedIdentityCredentialResourceNameParameter. */
export function checkFederatedCredential(
  wanted: Omit<FederatedCredential, 'id'>,
  others: readonly FederatedCredential[],
): void {
  if (!/^[a-z0-9][a-z0-9_-]{2,119}$/i.test(wanted.name)) throw invalidCredentialName(wanted.name);
  if (!URL.canParse(wanted.issuer)) throw invalidIssuer(wanted.issuer);
  const conflict = federatedCredentialConflict(others, wanted);
  if (conflict === 'same-subject') throw sameIssuerAndSubject();
  if (conflict === 'too-many') throw tooManyCredentials(maxFederatedCredentials);
}
