import { isWithin } from './resource-id.ts';

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
}

/** Operations on a resource (`control`), or on what it holds, such as a registry's images (`data`). */
export type Plane = 'control' | 'data';

/**
 * Do these grants allow the action at the scope? Grants only add up: a `notActions` entry narrows its own
 * permission and never takes away what another grant gives.
 *
 * Source: learn.microsoft.com/azure/role-based-access-control/role-definitions
 */
export function isAllowed(grants: readonly Grant[], plane: Plane, action: string, scope: string): boolean {
  return grants.some((grant) => isWithin(scope, grant.scope) && permits(grant.permissions, plane, action));
}

/** Does any of the permissions include the action? */
export function permits(permissions: readonly Permission[], plane: Plane, action: string): boolean {
  return permissions.some((permission) => {
    const [granted, removed] =
      plane === 'control'
        ? [permission.actions, permission.notActions]
        : [permission.dataActions, permission.notDataActions];
    const matches = (pattern: string) => matchesAction(pattern, action);
    return granted.some(matches) && !removed.some(matches);
  });
}

const compiled = new Map<string, RegExp>();

/** Matches without case; `*` stands for any run of characters, slashes included. */
function matchesAction(pattern: string, action: string): boolean {
  let expression = compiled.get(pattern);
  if (!expression) {
    const source = pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*');
    expression = new RegExp(`^${source}$`, 'is');
    compiled.set(pattern, expression);
  }
  return expression.test(action);
}
