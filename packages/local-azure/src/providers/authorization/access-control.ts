import type { GrantPropagation } from '../../faults/grant-propagation.ts';
import type { ControlAccess, RequestAttributes } from '../../resource-manager/access.ts';
import { decide, type Grant, type Plane, permits } from '../../resource-manager/rbac.ts';
import { isWithin } from '../../resource-manager/resource-id.ts';
import { parseCondition } from '../../resource-manager/role-condition.ts';
import type { Database } from '../../store/database.ts';
import type { DenyAssignments } from './deny-assignments.ts';
import type { RoleAssignment } from './role-assignments.ts';
import type { RoleDefinitions } from './role-definitions.ts';

export interface AccessControlOptions {
  db: Database;
  roles: Pick<RoleDefinitions, 'get'>;
  denyAssignments: Pick<DenyAssignments, 'above'>;
  /** Which role assignments count. Default: those that are there. */
  propagation?: GrantPropagation<RoleAssignment>;
}

/** What a grant is read from. */
interface Row extends Pick<RoleAssignment, 'id' | 'scope' | 'roleName'> {
  condition?: string | null;
}

/**
 * Decides by the role and deny assignments in the store. They are read by index for each decision, so there is no
 * cache that could be stale when a grant is taken away. `bench/access.mjs` says how long that takes.
 */
export function createAccess({
  db,
  roles,
  denyAssignments,
  propagation,
}: AccessControlOptions): ControlAccess {
  // The groups that a principal's newest token was issued with.
  const selectGroups = db.prepare(
    'SELECT value AS id FROM token_groups, json_each(group_ids) WHERE token_groups.principal_id = ?',
  );
  const selectGrants = db.prepare(`
    SELECT key AS id, scope, role_definition_id AS roleName, condition FROM role_assignments
    WHERE principal_id IN (SELECT value FROM json_each(?))`);

  /** The principal and its groups. */
  function idsOf(principalId: string): string[] {
    const id = principalId.toLowerCase();
    return [id, ...(selectGroups.all(id) as { id: string }[]).map((group) => group.id)];
  }
  function grantsOf(ids: string[]): Grant[] {
    const rows = selectGrants.all(JSON.stringify(ids)) as Row[];
    const counting = rows.filter(({ id }) => propagation?.counts(id) ?? true);
    const lingering = propagation?.lingering(() => ids) ?? [];
    return [...counting, ...lingering].map(({ scope, roleName, condition }) => ({
      scope,
      permissions: roles.get(roleName)?.permissions ?? [],
      ...(condition ? { condition: parseCondition(condition) } : {}),
    }));
  }
  const decideOn =
    (plane: Plane) =>
    (principalId: string, action: string, scope: string, attributes?: RequestAttributes) => {
      const ids = idsOf(principalId);
      return decide(
        { ids, grants: grantsOf(ids), denials: denyAssignments.above(scope) },
        { plane, action, scope, ...(attributes ? { attributes } : {}) },
      );
    };
  const [onControl, onData] = [decideOn('control'), decideOn('data')];

  return {
    decide: onControl,
    allowed: (...request) => onControl(...request) === 'allowed',
    allowedData: (...request) => onData(...request) === 'allowed',
    allowedBelow: (principalId, action, scope) =>
      grantsOf(idsOf(principalId)).some(
        (grant) =>
          (isWithin(grant.scope, scope) || isWithin(scope, grant.scope)) &&
          (action === undefined || permits(grant, { plane: 'control', action })),
      ),
  };
}
