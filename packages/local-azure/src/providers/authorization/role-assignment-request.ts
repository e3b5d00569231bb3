import { z } from 'zod';
import type { Entra } from '../../entra/entra.ts';
import { isGuid } from '../../guid.ts';
import { notImplemented, resourceNotFound } from '../../resource-manager/azure-error.ts';
import { parseResourceId, resourceName, resourceType } from '../../resource-manager/resource-id.ts';
import type { Resources } from '../../store/resources.ts';
import { roleDefinition } from './built-in-roles.ts';
import {
  badRequestFormat,
  invalidAssignmentId,
  invalidPrincipalId,
  principalNotFound,
  roleDefinitionDoesNotExist,
  unmatchedPrincipalType,
} from './errors.ts';
import type { NewRoleAssignment } from './role-assignments.ts';

/** Source: azure-rest-api-specs authorization 2022-04-01 RoleAssignmentCreateParameters */
const bodySchema = z.object({
  properties: z.object({
    roleDefinitionId: z.string(),
    principalId: z.string(),
    principalType: z.enum(['User', 'Group', 'ServicePrincipal', 'ForeignGroup', 'Device']).nullish(),
    description: z.string().nullish(),
    condition: z.string().nullish(),
    delegatedManagedIdentityResourceId: z.string().nullish(),
  }),
});

/** What a PUT asks for, checked against the roles and the directory. */
export function readRoleAssignment(
  scope: string,
  name: string,
  body: unknown,
  { principals, tenantId }: Pick<Entra, 'principals' | 'tenantId'>,
): Omit<NewRoleAssignment, 'createdBy'> {
  if (!isGuid(name)) throw invalidAssignmentId(name);
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) throw badRequestFormat();
  const { principalId, principalType, description, condition, ...rest } = parsed.data.properties;
  if (condition) throw notImplemented('conditions on role assignments');
  if (rest.delegatedManagedIdentityResourceId) throw notImplemented('delegated managed identities');

  const roleName = /\/roleDefinitions\/([^/]+)$/i.exec(rest.roleDefinitionId)?.[1];
  if (!roleName) throw badRequestFormat();
  if (!roleDefinition(roleName)) throw roleDefinitionDoesNotExist(roleName);

  if (!isGuid(principalId)) throw invalidPrincipalId(principalId);
  const principal = principals.get(principalId);
  // A given type says that the principal may be too new to be seen yet: Azure then does not look it up.
  if (!principal && !principalType) throw principalNotFound(principalId, tenantId);
  if (principal && principalType && principalType !== 'ServicePrincipal') {
    throw unmatchedPrincipalType(principalId, 'ServicePrincipal', principalType);
  }
  return {
    name,
    scope,
    principalId,
    principalType: principalType ?? 'ServicePrincipal',
    roleName,
    ...(description ? { description } : {}),
  };
}

/** A grant on a resource that is not there would come to life with the next resource of that name. */
export function requireResource(resources: Resources, scope: string): void {
  const id = parseResourceId(scope);
  if (!id || id.resources.length === 0 || resources.get(scope)) return;
  throw resourceNotFound(resourceType(id), resourceName(scope), id.resourceGroupName ?? '');
}
