import type { Clock } from '../../clock.ts';
import type { Denial } from '../../resource-manager/rbac.ts';
import { scopeKey, tenantScope } from '../../resource-manager/resource-id.ts';
import type { Database } from '../../store/database.ts';
import { atOrAbove, below, chainOf, floorOf } from './scope-queries.ts';

/** A principal, a group, or all principals, and what Azure calls its kind. */
export interface DenyAssignmentPrincipal {
  id: string;
  type: string;
}

export interface DenyAssignment extends Denial {
  /** A GUID. */
  name: string;
  description?: string;
  principals: readonly DenyAssignmentPrincipal[];
  excludePrincipals: readonly DenyAssignmentPrincipal[];
  /** Whether Azure itself made it, so that nobody else may change it. */
  isSystemProtected: boolean;
  createdOn: number;
  createdBy: string;
  updatedOn: number;
  updatedBy: string;
}

export type NewDenyAssignment = Omit<
  DenyAssignment,
  'id' | 'createdOn' | 'createdBy' | 'updatedOn' | 'updatedBy'
>;

/** The deny assignments of the tenant. Scopes and ids are compared without case. */
export interface DenyAssignments {
  get(scope: string, name: string): DenyAssignment | undefined;
  put(assignment: NewDenyAssignment, changedBy: string): DenyAssignment;
  delete(scope: string, name: string): void;
  /** At the scope and above it: those that may hold there. */
  above(scope: string): DenyAssignment[];
  /** At the scope, above it, and below it. */
  around(scope: string): DenyAssignment[];
}

interface Row {
  id: string;
  body: string;
  created_on: number;
  created_by: string;
  updated_on: number;
  updated_by: string;
}

const denyAssignmentId = (scope: string, name: string) =>
  `${scope === tenantScope ? '' : scope}/providers/Microsoft.Authorization/denyAssignments/${name}`;

const toDenyAssignment = (row: Row): DenyAssignment => ({
  ...(JSON.parse(row.body) as NewDenyAssignment),
  id: row.id,
  createdOn: row.created_on,
  createdBy: row.created_by,
  updatedOn: row.updated_on,
  updatedBy: row.updated_by,
});

export function createDenyAssignments(db: Database, clock: Clock): DenyAssignments {
  const select = db.prepare('SELECT * FROM deny_assignments WHERE key = ?');
  const above = db.prepare(`SELECT * FROM deny_assignments WHERE ${atOrAbove} ORDER BY key`);
  const around = db.prepare(`SELECT * FROM deny_assignments WHERE ${atOrAbove} OR ${below} ORDER BY key`);
  const remove = db.prepare('DELETE FROM deny_assignments WHERE key = ?');
  const upsert = db.prepare(`
    INSERT INTO deny_assignments (key, id, scope, body, created_on, created_by, updated_on, updated_by)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?5, ?6)
    ON CONFLICT (key) DO UPDATE SET body = excluded.body, updated_on = excluded.updated_on,
      updated_by = excluded.updated_by
    RETURNING *`);
  const keyOf = (scope: string, name: string) => denyAssignmentId(scope, name).toLowerCase();
  const list = (rows: unknown[]) => (rows as Row[]).map(toDenyAssignment);

  return {
    get: (scope, name) => list(select.all(keyOf(scope, name)))[0],
    put: (assignment, changedBy) => {
      const { scope, name } = assignment;
      const values = [JSON.stringify(assignment), clock.now(), changedBy];
      return toDenyAssignment(
        upsert.get(keyOf(scope, name), denyAssignmentId(scope, name), scopeKey(scope), ...values) as Row,
      );
    },
    delete: (scope, name) => {
      remove.run(keyOf(scope, name));
    },
    above: (scope) => list(above.all(chainOf(scope))),
    around: (scope) => list(around.all(chainOf(scope), floorOf(scope))),
  };
}
