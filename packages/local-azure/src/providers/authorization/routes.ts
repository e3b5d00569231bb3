import { isWithin } from '../../resource-manager/resource-id.ts';
import type { Route } from '../../resource-manager/route.ts';
import type { AuthorizationContext } from './authorization-context.ts';
import { denyAssignmentRoutes } from './deny-assignment-routes.ts';
import { elevateAccess } from './elevate-access-route.ts';
import { lockRoutes } from './lock-routes.ts';
import { roleAssignmentRoutes } from './role-assignment-routes.ts';
import { roleDefinitionRoutes } from './role-definition-routes.ts';

/** `Microsoft.Authorization`. */
export const authorizationRoutes = (context: AuthorizationContext): Route[] => [
  ...roleDefinitionRoutes(context),
  ...roleAssignmentRoutes(context),
  ...denyAssignmentRoutes(context),
  ...lockRoutes(context),
  permissions(context),
  elevateAccess(context),
];

/** What the caller's own roles give at the scope. */
const permissions = ({ assignments, roles, principals }: AuthorizationContext): Route => ({
  method: 'GET',
  path: '/{scope}/providers/Microsoft.Authorization/permissions',
  action: 'Microsoft.Authorization/permissions/read',
  handle: ({ params, caller }) => {
    const held = [caller.oid, ...principals.groupsOf(caller.oid)]
      .flatMap(assignments.ofPrincipal)
      .filter(({ scope }) => isWithin(params.scope!, scope));
    const value = held.flatMap(({ roleName, condition }) =>
      (roles.get(roleName)?.permissions ?? []).map((permission) => ({
        ...permission,
        condition: condition ?? null,
        conditionVersion: condition === undefined ? null : '2.0',
      })),
    );
    return { status: 200, body: { value } };
  },
});
