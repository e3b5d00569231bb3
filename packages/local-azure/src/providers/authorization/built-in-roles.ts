import { containerRegistryRoles } from './built-in-roles/container-registry.ts';
import { generalRoles } from './built-in-roles/general.ts';
import { managedIdentityRoles } from './built-in-roles/managed-identity.ts';
import { webRoles } from './built-in-roles/web.ts';
import type { RoleDefinition } from './role-definitions.ts';

export { ownerRole } from './built-in-roles/general.ts';

/**
 * The built-in roles that matter to registries, web apps and their identities.
 *
 * Source: learn.microsoft.com/azure/role-based-access-control/built-in-roles; each was compared with Azure's own list
 * of August 2026, as github.com/iann0036/iam-dataset keeps it in azure/built-in-roles-raw.json.
 */
export const builtInRoles: readonly RoleDefinition[] = [
  ...generalRoles,
  ...containerRegistryRoles,
  ...webRoles,
  ...managedIdentityRoles,
];
