import { principalTypeOf } from '../../entra/entra.ts';
import { authorizationFailed } from '../../resource-manager/azure-error.ts';
import { tenantScope } from '../../resource-manager/resource-id.ts';
import type { Route } from '../../resource-manager/route.ts';
import type { AuthorizationContext } from './authorization-context.ts';

/** User Access Administrator */
const roleName = '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9';

/**
 * Lets who administers the directory manage access at the tenant, and so at the management group: nobody can do that at
 * first. The directory gives the right to it, and no role.
 *
 * Source: MicrosoftDocs/azure-docs role-based-access-control/elevate-access-global-admin.md
 */
export const elevateAccess = ({ assignments, principals }: AuthorizationContext): Route => ({
  method: 'POST',
  path: '/providers/Microsoft.Authorization/elevateAccess',
  action: null,
  handle: ({ caller }) => {
    const principal = principals.get(caller.oid);
    if (!principal || principal.kind === 'Group' || !principal.isDirectoryAdmin)
      throw authorizationFailed(caller, 'Microsoft.Authorization/elevateAccess/action', tenantScope);
    const isElevated = assignments
      .ofPrincipal(principal.id)
      .some((held) => held.scope === tenantScope && held.roleName === roleName);
    if (!isElevated)
      assignments.put({
        name: crypto.randomUUID(),
        scope: tenantScope,
        principalId: principal.id,
        principalType: principalTypeOf(principal),
        roleName,
        createdBy: principal.id,
      });
    return { status: 200 };
  },
});
