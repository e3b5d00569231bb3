import type { Permission } from '../../../resource-manager/rbac.ts';
import type { RoleDefinition } from '../role-definitions.ts';

/** A built-in role with one permission: what is `granted`, and no more. */
export const role = (
  name: string,
  roleName: string,
  description: string,
  granted: Partial<Permission>,
): RoleDefinition => ({
  name,
  roleName,
  description,
  type: 'BuiltInRole',
  assignableScopes: ['/'],
  permissions: [{ actions: [], notActions: [], dataActions: [], notDataActions: [], ...granted }],
});

/** What most roles that manage a kind of resource have besides. */
export const managementBasics = [
  'Microsoft.Authorization/*/read',
  'Microsoft.Insights/alertRules/*',
  'Microsoft.Resources/deployments/*',
  'Microsoft.Resources/subscriptions/resourceGroups/read',
  'Microsoft.Support/*',
];
