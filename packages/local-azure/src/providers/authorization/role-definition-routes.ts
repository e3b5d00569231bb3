import { type Condition, parseFilter, unsupportedFilter } from '../../resource-manager/odata-filter.ts';
import { parseResourceId } from '../../resource-manager/resource-id.ts';
import type { Route } from '../../resource-manager/route.ts';
import { builtInRoles, type RoleDefinition, roleDefinition } from './built-in-roles.ts';
import { roleDefinitionDoesNotExist } from './errors.ts';

const type = 'Microsoft.Authorization/roleDefinitions';

/** A role's id is that of the scope's subscription, or of the tenant above subscriptions. */
export function roleDefinitionId(scope: string, name: string): string {
  const subscriptionId = parseResourceId(scope)?.subscriptionId;
  return `${subscriptionId ? `/subscriptions/${subscriptionId}` : ''}/providers/${type}/${name}`;
}

const present = (scope: string, { name, roleName, description, permissions }: RoleDefinition) => ({
  id: roleDefinitionId(scope, name),
  type,
  name,
  properties: {
    roleName,
    type: 'BuiltInRole',
    description,
    assignableScopes: ['/'],
    permissions,
    createdBy: null,
    updatedBy: null,
  },
});

function matches(definition: RoleDefinition, condition: Condition): boolean {
  // Built-in roles are assignable everywhere, so at and below any scope.
  if ('call' in condition && ['atscope', 'atscopeandbelow'].includes(condition.call)) return true;
  if ('eq' in condition && condition.eq === 'rolename') {
    return definition.roleName.toLowerCase() === condition.value.toLowerCase();
  }
  if ('eq' in condition && condition.eq === 'type') return condition.value.toLowerCase() === 'builtinrole';
  throw unsupportedFilter(condition);
}

export const roleDefinitionRoutes: Route[] = [
  {
    method: 'GET',
    path: `/{scope}/providers/${type}`,
    action: `${type}/read`,
    handle: ({ params, query }) => {
      const conditions = parseFilter(query.get('$filter'));
      const found = builtInRoles.filter((role) => conditions.every((condition) => matches(role, condition)));
      return { status: 200, body: { value: found.map((role) => present(params.scope!, role)) } };
    },
  },
  {
    method: 'GET',
    path: `/{scope}/providers/${type}/{roleDefinitionId}`,
    action: `${type}/read`,
    handle: ({ params }) => {
      const role = roleDefinition(params.roleDefinitionId!);
      if (!role) throw roleDefinitionDoesNotExist(params.roleDefinitionId!);
      return { status: 200, body: present(params.scope!, role) };
    },
  },
];
