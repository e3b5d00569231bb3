import { z } from 'zod';
import { isGuid } from '../../guid.ts';
import { notImplemented } from '../../resource-manager/azure-error.ts';
import type { Permission, Plane } from '../../resource-manager/rbac.ts';
import { isManagementGroup, parseResourceId, tenantScope } from '../../resource-manager/resource-id.ts';
import { badRequestFormat } from './errors.ts';
import { permissionSchema, readPermission } from './permission-request.ts';
import { namesNothing } from './provider-operations/provider-operations.ts';
import {
  assignableScopesMissing,
  invalidAssignableScope,
  invalidDefinitionId,
  invalidDefinitionType,
  roleNameMissing,
  tooLong,
  unknownAction,
} from './role-definition-errors.ts';
import type { CustomRole } from './role-definitions.ts';

/** Source: azure-rest-api-specs authorization 2022-04-01 RoleDefinition */
const bodySchema = z.object({
  properties: z.object({
    roleName: z.string().nullish(),
    description: z.string().nullish(),
    type: z.string().nullish(),
    assignableScopes: z.array(z.string()).nullish(),
    permissions: z.array(permissionSchema).nullish(),
  }),
});

/** Source: MicrosoftDocs/azure-docs role-based-access-control/custom-roles.md */
const limits = { roleName: 512, description: 2048, assignableScopes: 2000 };

/** The custom role that a PUT asks for. */
export function readRoleDefinition(name: string, body: unknown): CustomRole {
  if (!isGuid(name)) throw invalidDefinitionId(name);
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) throw badRequestFormat();
  const { roleName, description, type, assignableScopes, permissions } = parsed.data.properties;
  if (type && type.toLowerCase() !== 'customrole') throw invalidDefinitionType(type);
  if (!roleName?.trim()) throw roleNameMissing();
  const role = {
    name,
    roleName,
    description: description ?? '',
    assignableScopes: readAssignableScopes(assignableScopes ?? []),
    permissions: (permissions ?? []).map((given) => {
      if (given.condition) throw notImplemented('conditions in the permissions of roles');
      return checkPermission(readPermission(given));
    }),
  };
  for (const [what, limit] of Object.entries(limits)) {
    if (role[what as keyof typeof limits].length > limit) throw tooLong(what, limit);
  }
  return role;
}

function readAssignableScopes(scopes: string[]): string[] {
  if (scopes.length === 0) throw assignableScopesMissing();
  scopes.forEach((scope, i) => {
    const isScope = scope !== tenantScope && !scope.includes('*') && parseResourceId(scope) !== undefined;
    // One management group at the most. Source: custom-roles.md "Custom role limits"
    const isSecondGroup = isManagementGroup(scope) && scopes.slice(0, i).some(isManagementGroup);
    if (!isScope || isSecondGroup) throw invalidAssignableScope(scope, i);
  });
  return scopes;
}

function checkPermission(permission: Permission): Permission {
  checkPatterns([...permission.actions, ...permission.notActions], 'control');
  checkPatterns([...permission.dataActions, ...permission.notDataActions], 'data');
  return permission;
}

function checkPatterns(patterns: string[], plane: Plane): void {
  for (const pattern of patterns) {
    // "You can have only one wildcard in an action string." Source: custom-roles.md "Custom role limits"
    const isPattern = pattern.split('*').length <= 2 && (pattern === '*' || pattern.includes('/'));
    if (!isPattern || namesNothing(pattern, plane)) throw unknownAction(plane, pattern);
  }
}
