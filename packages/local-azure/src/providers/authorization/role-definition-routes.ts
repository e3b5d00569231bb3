import type { Claims } from '../../entra/entra.ts';
import { linkedAuthorizationFailed } from '../../resource-manager/azure-error.ts';
import { type Condition, parseFilter, unsupportedFilter } from '../../resource-manager/odata-filter.ts';
import {
  isWithin,
  parseResourceId,
  rootManagementGroup,
  sameId,
} from '../../resource-manager/resource-id.ts';
import type { Route } from '../../resource-manager/route.ts';
import type { AuthorizationContext } from './authorization-context.ts';
import {
  builtInRoleIsFixed,
  definitionHasAssignments,
  definitionLimitExceeded,
  roleDefinitionDoesNotExist,
  roleDefinitionExists,
  sameNameExists,
} from './role-definition-errors.ts';
import { readRoleDefinition } from './role-definition-request.ts';
import type { RoleDefinition } from './role-definitions.ts';

const type = 'Microsoft.Authorization/roleDefinitions';
const list = `/{scope}/providers/${type}`;
const item = `${list}/{roleDefinitionId}`;

/** Of a tenant. Source: MicrosoftDocs/azure-docs role-based-access-control/custom-roles.md "Custom role limits" */
const maxCustomRoles = 5000;

/** A role's id is that of the scope's subscription, or of the tenant above subscriptions. */
export function roleDefinitionId(scope: string, name: string): string {
  const subscriptionId = parseResourceId(scope)?.subscriptionId;
  return `${subscriptionId ? `/subscriptions/${subscriptionId}` : ''}/providers/${type}/${name}`;
}

const isoTime = (milliseconds: number) => new Date(milliseconds).toISOString();

const present = (scope: string, role: RoleDefinition) => ({
  id: roleDefinitionId(scope, role.name),
  type,
  name: role.name,
  properties: {
    roleName: role.roleName,
    type: role.type,
    description: role.description,
    assignableScopes: role.assignableScopes,
    permissions: role.permissions,
    ...(role.history
      ? { createdOn: isoTime(role.history.createdOn), updatedOn: isoTime(role.history.updatedOn) }
      : {}),
    createdBy: role.history?.createdBy ?? null,
    updatedBy: role.history?.updatedBy ?? null,
  },
});

export function roleDefinitionRoutes({
  roles,
  assignments,
  access,
  subscription,
}: AuthorizationContext): Route[] {
  const isHere = (scope: string) =>
    isWithin(scope, `/subscriptions/${subscription.id}`) ||
    sameId(scope, rootManagementGroup(subscription.tenantId));

  /** To make, change or delete a custom role takes the right to at each of its assignable scopes. */
  const requireAt = (scopes: readonly string[], action: string, requested: string, caller: Claims) => {
    const refused = scopes.find((scope) => !isHere(scope) || !access.allowed(caller.oid, action, scope));
    if (refused === undefined) return;
    throw linkedAuthorizationFailed(caller, { action, scope: requested }, { action, scope: refused });
  };

  return [
    {
      method: 'GET',
      path: list,
      action: `${type}/read`,
      handle: ({ params, query }) => {
        const scope = params.scope!;
        const conditions = parseFilter(query.get('$filter'));
        const tests = conditions.map(toTest);
        const withBelow = conditions.some((one) => 'call' in one && one.call === 'atscopeandbelow');
        const found = roles
          .all()
          .filter(({ assignableScopes }) =>
            assignableScopes.some((one) => isWithin(scope, one) || (withBelow && isWithin(one, scope))),
          )
          .filter((role) => tests.every((test) => test(role)));
        return { status: 200, body: { value: found.map((role) => present(scope, role)) } };
      },
    },
    {
      method: 'GET',
      path: item,
      action: `${type}/read`,
      handle: ({ params }) => {
        const role = roles.get(params.roleDefinitionId!);
        if (!role) throw roleDefinitionDoesNotExist(params.roleDefinitionId!);
        return { status: 200, body: present(params.scope!, role) };
      },
    },
    {
      method: 'PUT',
      path: item,
      action: `${type}/write`,
      handle: ({ params, path, body, caller }) => {
        const wanted = readRoleDefinition(params.roleDefinitionId!, body);
        const existing = roles.get(wanted.name);
        if (existing?.type === 'BuiltInRole') throw roleDefinitionExists(wanted.name);
        const scopes = [...wanted.assignableScopes, ...(existing?.assignableScopes ?? [])];
        requireAt(scopes, `${type}/write`, path, caller);
        const namesake = roles.getByRoleName(wanted.roleName);
        if (namesake && namesake.name !== existing?.name) throw sameNameExists(!existing);
        if (!existing && roles.count() >= maxCustomRoles) throw definitionLimitExceeded();
        // Azure answers 201 to changes too. Source: azure-cli, recording of test_custom_role_definition_scenario
        return { status: 201, body: present(params.scope!, roles.put(wanted, caller.oid)) };
      },
    },
    {
      method: 'DELETE',
      path: item,
      action: `${type}/delete`,
      handle: ({ params, path, caller }) => {
        const role = roles.get(params.roleDefinitionId!);
        if (!role) return { status: 204 };
        if (role.type === 'BuiltInRole') throw builtInRoleIsFixed(role.roleName);
        requireAt(role.assignableScopes, `${type}/delete`, path, caller);
        if (assignments.isAssigned(role.name)) throw definitionHasAssignments();
        roles.delete(role.name);
        return { status: 200, body: present(params.scope!, role) };
      },
    },
  ];
}

function toTest(condition: Condition): (role: RoleDefinition) => boolean {
  if ('eq' in condition) {
    const { eq, value } = condition;
    if (eq === 'rolename') return ({ roleName }) => sameId(roleName, value);
    if (eq === 'type') return ({ type }) => sameId(type, value);
    // Where a role is assignable is asked for any way.
  } else if (condition.call === 'atscope' || condition.call === 'atscopeandbelow') return () => true;
  throw unsupportedFilter(condition);
}
