import type { RequestAttributes } from './access.ts';
import { evaluate } from './evaluate-role-condition.ts';
import { isWithin } from './resource-id.ts';
import type { RoleCondition } from './role-condition.ts';
import { matchesAction } from './wildcards.ts';

/** One permission of a role: what it grants, less what it takes away again. */
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

/** Operations on a resource (`control`), or on what it holds, such as a registry's images (`data`). */
export type Plane = 'control' | 'data';

/**
 * Do these grants allow the action at the scope, for a request with these attributes? Grants only add up: a
 * `notActions` entry narrows its own permission and never takes away what another grant gives.
 *
 * Source: learn.microsoft.com/azure/role-based-access-control/role-definitions
 */
export const isAllowed = (
  grants: readonly Grant[],
  plane: Plane,
  action: string,
  scope: string,
  attributes: RequestAttributes = {},
): boolean =>
  grants.some((grant) => isWithin(scope, grant.scope) && permits(grant, plane, action, attributes));

/**
 * Does the grant include the action, wherever it is held? One whose condition asks for an attribute that is not given
 * does not count.
 */
export const permits = (
  { permissions, condition }: Grant,
  plane: Plane,
  action: string,
  attributes: RequestAttributes = {},
): boolean =>
  permissions.some((permission) => includes(permission, plane, action)) &&
  (condition === undefined || evaluate(condition, action, attributes) === true);

function includes(permission: Permission, plane: Plane, action: string): boolean {
  const [granted, removed] =
    plane === 'control'
      ? [permission.actions, permission.notActions]
      : [permission.dataActions, permission.notDataActions];
  const matches = (pattern: string) => matchesAction(pattern, action);
  return granted.some(matches) && !removed.some(matches);
}
