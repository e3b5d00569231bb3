import { type Condition, parseFilter, unsupportedFilter } from '../../resource-manager/odata-filter.ts';
import { filtered, pageOf, partsOf } from '../../resource-manager/paging.ts';
import { isWithin, parseResourceId, sameId } from '../../resource-manager/resource-id.ts';
import type { Route } from '../../resource-manager/route.ts';
import type { ListPart } from '../../store/resources.ts';
import type { AuthorizationContext } from './authorization-context.ts';
import { roleAssignmentExists, roleAssignmentNotFound, updateNotPermitted } from './errors.ts';
import { requireScope } from './require-scope.ts';
import { readRoleAssignment } from './role-assignment-request.ts';
import type { NewRoleAssignment, RoleAssignment } from './role-assignments.ts';
import { roleDefinitionId } from './role-definition-routes.ts';

const type = 'Microsoft.Authorization/roleAssignments';
const list = `/{scope}/providers/${type}`;
const item = `${list}/{roleAssignmentName}`;

/**
 * As seen from a scope. Above subscriptions a role's id is that of the subscription that asks: clients look it up in the
 * list of roles there.
 */
function present(assignment: RoleAssignment, seenFrom: string) {
  const inSubscription = parseResourceId(assignment.scope)?.subscriptionId !== undefined;
  const createdOn = new Date(assignment.createdOn).toISOString();
  return {
    id: assignment.id,
    type,
    name: assignment.name,
    properties: {
      roleDefinitionId: roleDefinitionId(inSubscription ? assignment.scope : seenFrom, assignment.roleName),
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

export function roleAssignmentRoutes(context: AuthorizationContext): Route[] {
  const { assignments, principals } = context;

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
      handle: (request) => {
        const scope = request.params.scope!;
        const { atScope, assignees } = readFilter(request.query.get('$filter'), principals);
        const read: (part: ListPart) => RoleAssignment[] = assignees
          ? partsOf(assignees.flatMap(assignments.ofPrincipal))
          : (part) => assignments[atScope ? 'above' : 'around'](scope, part);
        const found = filtered(
          read,
          (one) => isWithin(scope, one.scope) || (!atScope && isWithin(one.scope, scope)),
        );
        return { status: 200, body: pageOf(request, found, (one) => present(one, scope)) };
      },
    },
    {
      method: 'GET',
      path: item,
      action: `${type}/read`,
      handle: ({ params }) => {
        const found = assignments.get(params.scope!, params.roleAssignmentName!);
        if (!found) throw roleAssignmentNotFound(params.roleAssignmentName!);
        return { status: 200, body: present(found, params.scope!) };
      },
    },
    {
      method: 'PUT',
      path: item,
      action: `${type}/write`,
      handle: ({ params, body, caller }) => {
        const { scope, roleAssignmentName } = params;
        requireScope(context, scope!);
        const wanted = readRoleAssignment(scope!, roleAssignmentName!, body, context);
        const status = existing(wanted) ? 200 : 201;
        return { status, body: present(assignments.put({ ...wanted, createdBy: caller.oid }), scope!) };
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
        return { status: 200, body: present(found, params.scope!) };
      },
    },
  ];
}

interface Filter {
  /** At the scope and above it, and not below. */
  atScope: boolean;
  /** Principals and groups, by object id; absent: all. */
  assignees?: string[];
}

/** Source: learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest */
function readFilter(filter: string | null, { groupsOf }: AuthorizationContext['principals']): Filter {
  let atScope = false;
  let assignees: string[] | undefined;
  for (const condition of parseFilter(filter)) {
    const isAtScope = 'call' in condition && condition.call === 'atscope';
    const asked = isAtScope ? undefined : assigneesOf(condition, groupsOf);
    if (isAtScope) atScope = true;
    else if (asked) assignees = (assignees ?? asked).filter((id) => asked.includes(id));
    else throw unsupportedFilter(condition);
  }
  return { atScope, ...(assignees ? { assignees } : {}) };
}

function assigneesOf(condition: Condition, groupsOf: (id: string) => string[]): string[] | undefined {
  if ('eq' in condition) return condition.eq === 'principalid' ? [condition.value.toLowerCase()] : undefined;
  if (condition.call !== 'assignedto') return undefined;
  // What is assigned to a group is assigned to its members.
  const assignee = (condition.args[0] ?? '').toLowerCase();
  return [assignee, ...groupsOf(assignee)];
}
