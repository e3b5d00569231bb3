import { isWithin } from '../../resource-manager/resource-id.ts';
import type { Route } from '../../resource-manager/route.ts';
import { roleDefinition } from './built-in-roles.ts';
import { type RoleAssignmentRouteOptions, roleAssignmentRoutes } from './role-assignment-routes.ts';
import { roleDefinitionRoutes } from './role-definition-routes.ts';

/** `Microsoft.Authorization`. */
export function authorizationRoutes(options: RoleAssignmentRouteOptions): Route[] {
  return [
    ...roleDefinitionRoutes,
    ...roleAssignmentRoutes(options),
    {
      method: 'GET',
      path: '/{scope}/providers/Microsoft.Authorization/permissions',
      action: 'Microsoft.Authorization/permissions/read',
      handle: ({ params, caller }) => {
        const { assignments, entra } = options;
        const held = [caller.oid, ...entra.principals.groupsOf(caller.oid)]
          .flatMap(assignments.ofPrincipal)
          .filter(({ scope }) => isWithin(params.scope!, scope));
        return {
          status: 200,
          body: { value: held.flatMap(({ roleName }) => roleDefinition(roleName)?.permissions ?? []) },
        };
      },
    },
    {
      // Only deployment stacks and managed applications make deny assignments, and neither is here.
      method: 'GET',
      path: '/{scope}/providers/Microsoft.Authorization/denyAssignments',
      action: 'Microsoft.Authorization/denyAssignments/read',
      handle: () => ({ status: 200, body: { value: [] } }),
    },
  ];
}
