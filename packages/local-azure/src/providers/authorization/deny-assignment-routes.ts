import { type Condition, parseFilter, unsupportedFilter } from '../../resource-manager/odata-filter.ts';
import { isWithin, sameId } from '../../resource-manager/resource-id.ts';
import type { Route } from '../../resource-manager/route.ts';
import type { AuthorizationContext } from './authorization-context.ts';
import {
  denyAssignmentNameExists,
  denyAssignmentNotFound,
  systemProtected,
} from './deny-assignment-errors.ts';
import { readDenyAssignment } from './deny-assignment-request.ts';
import type { DenyAssignment } from './deny-assignments.ts';
import { requireScope } from './require-scope.ts';

const type = 'Microsoft.Authorization/denyAssignments';
const list = `/{scope}/providers/${type}`;
const item = `${list}/{denyAssignmentId}`;

const present = (assignment: DenyAssignment) => ({
  id: assignment.id,
  type,
  name: assignment.name,
  properties: {
    denyAssignmentName: assignment.denyAssignmentName,
    description: assignment.description ?? '',
    permissions: assignment.permissions,
    scope: assignment.scope,
    doNotApplyToChildScopes: assignment.doNotApplyToChildScopes,
    principals: assignment.principals,
    excludePrincipals: assignment.excludePrincipals,
    isSystemProtected: assignment.isSystemProtected,
    denyAssignmentEffect: 'enforced',
    condition: null,
    conditionVersion: null,
    createdOn: new Date(assignment.createdOn).toISOString(),
    updatedOn: new Date(assignment.updatedOn).toISOString(),
    createdBy: assignment.createdBy,
    updatedBy: assignment.updatedBy,
  },
});

/** Of those that users make; Azure makes others, which are read here and no more. */
export function denyAssignmentRoutes(context: AuthorizationContext): Route[] {
  const { denyAssignments } = context;
  return [
    {
      method: 'GET',
      path: list,
      action: `${type}/read`,
      handle: ({ params, query }) => {
        const tests = parseFilter(query.get('$filter')).map((one) => toTest(one, params.scope!));
        const found = denyAssignments
          .around(params.scope!)
          .filter((assignment) => tests.every((test) => test(assignment)));
        return { status: 200, body: { value: found.map(present) } };
      },
    },
    {
      method: 'GET',
      path: item,
      action: `${type}/read`,
      handle: ({ params }) => {
        const found = denyAssignments.get(params.scope!, params.denyAssignmentId!);
        if (!found) throw denyAssignmentNotFound(params.denyAssignmentId!);
        return { status: 200, body: present(found) };
      },
    },
    {
      method: 'PUT',
      path: item,
      action: `${type}/write`,
      handle: ({ params, body, caller }) => {
        requireScope(context, params.scope!);
        const wanted = readDenyAssignment(params.scope!, params.denyAssignmentId!, body);
        const existing = denyAssignments.get(wanted.scope, wanted.name);
        if (existing?.isSystemProtected) throw systemProtected(existing.denyAssignmentName);
        const isNamesake = (other: DenyAssignment) =>
          sameId(other.scope, wanted.scope) &&
          other.denyAssignmentName === wanted.denyAssignmentName &&
          other.id !== existing?.id;
        if (denyAssignments.above(wanted.scope).some(isNamesake))
          throw denyAssignmentNameExists(wanted.denyAssignmentName, wanted.scope);
        return { status: existing ? 200 : 201, body: present(denyAssignments.put(wanted, caller.oid)) };
      },
    },
    {
      method: 'DELETE',
      path: item,
      action: `${type}/delete`,
      handle: ({ params }) => {
        const found = denyAssignments.get(params.scope!, params.denyAssignmentId!);
        if (!found) return { status: 204 };
        if (found.isSystemProtected) throw systemProtected(found.denyAssignmentName);
        denyAssignments.delete(found.scope, found.name);
        return { status: 200, body: present(found) };
      },
    },
  ];
}

/** Source: azure-mgmt-authorization 5.0.0b2, `filter` of DenyAssignmentsOperations.list_for_scope */
function toTest(condition: Condition, scope: string): (assignment: DenyAssignment) => boolean {
  if ('eq' in condition) {
    const { eq, value } = condition;
    if (eq === 'denyassignmentname') return ({ denyAssignmentName }) => denyAssignmentName === value;
    if (eq === 'principalid') return ({ principals }) => principals.some(({ id }) => sameId(id, value));
  } else if (condition.call === 'atscope') return (assignment) => isWithin(scope, assignment.scope);
  throw unsupportedFilter(condition);
}
