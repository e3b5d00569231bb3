import type { RequestAttributes } from './access.ts';
import { evaluate } from './evaluate-role-condition.ts';
import { isWithin, sameId } from './resource-id.ts';
import type { RoleCondition } from './role-condition.ts';
import { matchesAction } from './wildcards.ts';

/** One permission of a role or of a deny assignment: what it names, less what it leaves out again. */
export interface Permission {
  actions: readonly string[];
  notActions: readonly string[];
  dataActions: readonly string[];
  notDataActions: readonly string[];
}

/** A role held at a scope. */
export interface Grant {
  scope: string;
  permissions: readonly Permission[];
  /** When the grant counts; absent: always. */
  condition?: RoleCondition;
}

/** What is taken from principals at a scope, whatever they are granted. */
export interface Denial {
  /** Of the deny assignment. */
  id: string;
  denyAssignmentName: string;
  scope: string;
  /** Whether it holds at its scope alone. */
  doNotApplyToChildScopes: boolean;
  permissions: readonly Permission[];
  /** By object id; {@link everyone} stands for all principals. */
  principals: readonly { id: string }[];
  excludePrincipals: readonly { id: string }[];
}

/** Source: MicrosoftDocs/azure-docs role-based-access-control/deny-assignments.md "The All Principals principal" */
export const everyone = '00000000-0000-0000-0000-000000000000';

/** Who asks, with everything that was given to them or taken from them. */
export interface Standing {
  /** The principal and the groups that it is in, by object id. */
  ids: readonly string[];
  grants: readonly Grant[];
  denials: readonly Denial[];
}

/** Operations on a resource (`control`), or on what it holds, such as a registry's images (`data`). */
export type Plane = 'control' | 'data';

export interface AccessRequest {
  plane: Plane;
  action: string;
  scope: string;
  attributes?: RequestAttributes;
}

export type Decision = 'allowed' | 'notGranted' | { deniedBy: Denial };

/**
 * May they? Grants only add up: a `notActions` entry narrows its own permission and never takes away what another
 * grant gives. A denial wins over all of them.
 *
 * Source: learn.microsoft.com/azure/role-based-access-control/overview#how-azure-rbac-determines-if-a-user-has-access-to-a-resource
 */
export function decide({ ids, grants, denials }: Standing, request: AccessRequest): Decision {
  const isGranted = grants.some((grant) => isWithin(request.scope, grant.scope) && permits(grant, request));
  if (!isGranted) return 'notGranted';
  const deniedBy = denials.find((denial) => concerns(denial, ids) && forbids(denial, request));
  return deniedBy ? { deniedBy } : 'allowed';
}

/**
 * Does the grant include the action, wherever it is held? One whose condition asks for an attribute that is not given
 * does not count.
 */
export const permits = (
  { permissions, condition }: Grant,
  { plane, action, attributes = {} }: Omit<AccessRequest, 'scope'>,
): boolean =>
  permissions.some((permission) => includes(permission, plane, action)) &&
  (condition === undefined || evaluate(condition, action, attributes) === true);

const concerns = ({ principals, excludePrincipals }: Denial, ids: readonly string[]): boolean =>
  names(principals, [everyone, ...ids]) && !names(excludePrincipals, ids);

const names = (principals: Denial['principals'], ids: readonly string[]): boolean =>
  principals.some((principal) => ids.some((id) => sameId(id, principal.id)));

const forbids = (denial: Denial, { plane, action, scope }: AccessRequest): boolean =>
  (denial.doNotApplyToChildScopes ? sameId(scope, denial.scope) : isWithin(scope, denial.scope)) &&
  denial.permissions.some((permission) => includes(permission, plane, action));

function includes(permission: Permission, plane: Plane, action: string): boolean {
  const [named, omitted] =
    plane === 'control'
      ? [permission.actions, permission.notActions]
      : [permission.dataActions, permission.notDataActions];
  const matches = (pattern: string) => matchesAction(pattern, action);
  return named.some(matches) && !omitted.some(matches);
}
