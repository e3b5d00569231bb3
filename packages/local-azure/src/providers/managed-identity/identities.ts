import type { Entra } from '../../entra/entra.ts';
import { resourceNotFound } from '../../resource-manager/azure-error.ts';
import type { ArmRequest } from '../../resource-manager/route.ts';
import type { Resources } from '../../store/resources.ts';
import { type IdentityBody, type IdentityRecord, identityType } from './model.ts';

export interface ManagedIdentityContext {
  resources: Resources;
  entra: Pick<Entra, 'tenantId' | 'principals' | 'federatedCredentials'>;
}

export const subscriptionPath = `/subscriptions/{subscriptionId}/providers/${identityType}`;
export const groupPath = `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/${identityType}`;
/** One identity: what belongs to it is below. */
export const identityPath = `${groupPath}/{resourceName}`;

/** The id of the identity that a request's path names. */
export const identityId = ({ params }: ArmRequest): string =>
  `/subscriptions/${params.subscriptionId}/resourceGroups/${params.resourceGroupName}` +
  `/providers/${identityType}/${params.resourceName}`;

/** The identity that a request's path names. Throws when it does not exist. */
export function requireIdentity(resources: Resources, request: ArmRequest): IdentityRecord {
  const found = resources.get<IdentityBody>(identityId(request));
  if (found) return found;
  const { resourceName, resourceGroupName } = request.params;
  throw resourceNotFound(identityType, resourceName!, resourceGroupName!);
}
