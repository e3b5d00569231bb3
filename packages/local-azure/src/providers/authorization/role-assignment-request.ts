import { z } from 'zod';
import { principalTypeOf } from '../../entra/entra.ts';
import { isGuid } from '../../guid.ts';
import { notImplemented } from '../../resource-manager/azure-error.ts';
import { isManagementGroup, isWithin } from '../../resource-manager/resource-id.ts';
import { ConditionError, parseCondition } from '../../resource-manager/role-condition.ts';
import type { AuthorizationContext } from './authorization-context.ts';
import {
  badRequestFormat,
  invalidAssignmentId,
  invalidCondition,
  invalidPrincipalId,
  principalNotFound,
  roleNotAssignableAt,
  unmatchedPrincipalType,
} from './errors.ts';
import type { NewRoleAssignment } from './role-assignments.ts';
import { roleDefinitionDoesNotExist } from './role-definition-errors.ts';
import type { RoleDefinition } from './role-definitions.ts';

/** Source: azure-rest-api-specs authorization 2022-04-01 RoleAssignmentCreateParameters */
const bodySchema = z.object({
  properties: z.object({
    roleDefinitionId: z.string(),
    principalId: z.string(),
    principalType: z.enum(['User', 'Group', 'ServicePrincipal', 'ForeignGroup', 'Device']).nullish(),
    description: z.string().nullish(),
    condition: z.string().nullish(),
    conditionVersion: z.string().nullish(),
    delegatedManagedIdentityResourceId: z.string().nullish(),
  }),
});

type RequestContext = Pick<AuthorizationContext, 'roles' | 'principals' | 'subscription'>;

/** What a PUT asks for, checked against the roles and the directory. */
export function readRoleAssignment(
  scope: string,
  name: string,
  body: unknown,
  { roles, principals, subscription }: RequestContext,
): Omit<NewRoleAssignment, 'createdBy'> {
  if (!isGuid(name)) throw invalidAssignmentId(name);
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) throw badRequestFormat();
  const { principalId, principalType, description, ...rest } = parsed.data.properties;
  if (rest.delegatedManagedIdentityResourceId) throw notImplemented('delegated managed identities');

  const roleName = /\/roleDefinitions\/([^/]+)$/i.exec(rest.roleDefinitionId)?.[1];
  if (!roleName) throw badRequestFormat();
  const role = roles.get(roleName);
  if (!role) throw roleDefinitionDoesNotExist(roleName);
  if (!isAssignableAt(role, scope)) throw roleNotAssignableAt(role.roleName, scope);

  if (!isGuid(principalId)) throw invalidPrincipalId(principalId);
  const principal = principals.get(principalId);
  // A given type says that the principal may be too new to be seen yet: Azure then does not look it up.
  if (!principal && !principalType) throw principalNotFound(principalId, subscription.tenantId);
  const actualType = principal && principalTypeOf(principal);
  if (actualType && principalType && principalType !== actualType) {
    throw unmatchedPrincipalType(principalId, actualType, principalType);
  }
  const condition = readCondition(rest.condition, rest.conditionVersion);
  return {
    name,
    scope,
    principalId,
    principalType: principalType ?? actualType!,
    roleName,
    ...(description ? { description } : {}),
    ...(condition ? { condition } : {}),
  };
}

/** A custom role with data actions is for subscriptions. Source: custom-roles.md "Custom role limits" */
function isAssignableAt({ type, assignableScopes, permissions }: RoleDefinition, scope: string): boolean {
  const hasDataActions = permissions.some(({ dataActions }) => dataActions.length > 0);
  if (type === 'CustomRole' && hasDataActions && isManagementGroup(scope)) return false;
  return assignableScopes.some((one) => isWithin(scope, one));
}

/** Checks a condition, and gives it back as it is. Without a version it is of 2.0, the only one; empty, it is none. */
function readCondition(
  condition: string | null | undefined,
  version: string | null | undefined,
): string | undefined {
  if (!condition) return undefined;
  if (version && version !== '2.0') throw invalidCondition(`Its version is '${version}' and not '2.0'.`);
  try {
    parseCondition(condition);
    return condition;
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    throw error.reason === 'invalid' ? invalidCondition(error.message) : notImplemented(error.message);
  }
}
