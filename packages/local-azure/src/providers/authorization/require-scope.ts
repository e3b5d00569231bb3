import { managementGroupNotFound, resourceNotFound } from '../../resource-manager/azure-error.ts';
import {
  isManagementGroup,
  parseResourceId,
  resourceName,
  resourceType,
  rootManagementGroup,
  sameId,
} from '../../resource-manager/resource-id.ts';
import type { AuthorizationContext } from './authorization-context.ts';

/**
 * What is there can be a scope. An assignment or a lock on what is not would come to life with the next thing of that
 * name.
 */
export function requireScope(
  { resources, subscription }: Pick<AuthorizationContext, 'resources' | 'subscription'>,
  scope: string,
): void {
  if (isManagementGroup(scope)) {
    if (sameId(scope, rootManagementGroup(subscription.tenantId))) return;
    throw managementGroupNotFound(resourceName(scope));
  }
  const id = parseResourceId(scope);
  if (!id || id.resources.length === 0 || resources.get(scope)) return;
  throw resourceNotFound(resourceType(id), resourceName(scope), id.resourceGroupName ?? '');
}
