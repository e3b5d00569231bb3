import type { Entra } from '../../entra/entra.ts';
import { type Condition, parseFilter, unsupportedFilter } from '../../resource-manager/odata-filter.ts';
import { isWithin, sameId } from '../../resource-manager/resource-id.ts';
import type { Route } from '../../resource-manager/route.ts';
import type { Resources } from '../../store/resources.ts';
import { roleAssignmentExists, roleAssignmentNotFound, updateNotPermitted } from './errors.ts';
import { readRoleAssignment, requireResource } from './role-assignment-request.ts';
import type { NewRoleAssignment, RoleAssignment, RoleAssignments } from './role-assignments.ts';
import { roleDefinitionId } from './role-definition-routes.ts';

const type = 'Microsoft.Authorization/roleAssignments';
const list = `/{scope}/providers/${type}`;
const item = `${list}/{roleAssignmentName}`;

export interface RoleAssignmentRouteOptions {
  assignments: RoleAssignments;
  resources: Resources;
  entra: Pick<Entra, 'principals' | 'tenantId'>;
}

function present(assignment: RoleAssignment) {
  const createdOn = new Date(assignment.createdOn).toISOString();
  return {
    id: assignment.id,
    type,
    name: assignment.name,
    properties: {
      roleDefinitionId: roleDefinitionId(assignment.scope, assignment.roleName),
      principalId: assignment.principalId,
      principalType: assignment.principalType,
      scope: assignment.scope,
      condition: assignment.condition ?? null,
      conditionVersion: assignment.condition === undefined ? null : '2.0',
      createdOn,
      updatedOn: createdOn,
      createdBy: assignment.createdBy,
      updatedBy: assignment.createdBy,
      delegatedManagedIdentityResourceId: null,
      description: assignment.description ?? null,
    },
  };
}

export function roleAssignmentRoutes({ assignments, resources, entra }: RoleAssignmentRouteOptions): Route[] {
  /** The assignment that a PUT may give another description or condition, and no more; undefined when it makes one. */
  const existing = (wanted: Omit<NewRoleAssignment, 'createdBy'>): RoleAssignment | undefined => {
    const isSame = (other: RoleAssignment) =>
      sameId(other.scope, wanted.scope) &&
      sameId(other.principalId, wanted.principalId) &&
      sameId(other.roleName, wanted.roleName);
    const ofName = assignments.getByName(wanted.name);
    if (ofName && !isSame(ofName)) throw updateNotPermitted();
    const twin = assignments.ofPrincipal(wanted.principalId).find(isSame);
    if (twin && !ofName) throw roleAssignmentExists(twin.name);
    return ofName;
  };

  return [
    {
      method: 'GET',
      path: list,
      action: `${type}/read`,
      handle: ({ params, query }) => {
        const conditions = parseFilter(query.get('$filter'));
        const found = assignments
          .around(params.scope!)
          .filter((assignment) =>
            conditions.every((one) => matches(assignment, one, params.scope!, entra.principals)),
          );
        return { status: 200, body: { value: found.map(present) } };
      },
    },
    {
      method: 'GET',
      path: item,
      action: `${type}/read`,
      handle: ({ params }) => {
        const found = assignments.get(params.scope!, params.roleAssignmentName!);
        if (!found) throw roleAssignmentNotFound(params.roleAssignmentName!);
        return { status: 200, body: present(found) };
      },
    },
    {
      method: 'PUT',
      path: item,
      action: `${type}/write`,
      handle: ({ params, body, caller }) => {
        const { scope, roleAssignmentName } = params;
        requireResource(resources, scope!);
        const wanted = readRoleAssignment(scope!, roleAssignmentName!, body, entra);
        const status = existing(wanted) ? 200 : 201;
        return { status, body: present(assignments.put({ ...wanted, createdBy: caller.oid })) };
      },
    },
    {
      method: 'DELETE',
      path: item,
      action: `${type}/delete`,
      handle: ({ params }) => {
        const found = assignments.get(params.scope!, params.roleAssignmentName!);
        if (!found) return { status: 204 };
        assignments.delete(found.scope, found.name);
        return { status: 200, body: present(found) };
      },
    },
  ];
}

/** Source: learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest */
function matches(
  assignment: RoleAssignment,
  condition: Condition,
  scope: string,
  { groupsOf }: Entra['principals'],
): boolean {
  const isOf = (principalId: string) => sameId(assignment.principalId, principalId);
  if ('call' in condition) {
    if (condition.call === 'atscope') return isWithin(scope, assignment.scope);
    // What is assigned to a group is assigned to its members.
    const [assignee = ''] = condition.args;
    if (condition.call === 'assignedto') return isOf(assignee) || groupsOf(assignee.toLowerCase()).some(isOf);
  } else if (condition.eq === 'principalid') return isOf(condition.value);
  throw unsupportedFilter(condition);
}
