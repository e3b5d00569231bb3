import type { Clock } from '../../clock.ts';
import type { GrantPropagation } from '../../faults/grant-propagation.ts';
import { scopeKey, tenantScope } from '../../resource-manager/resource-id.ts';
import type { Database } from '../../store/database.ts';
import { everything, type ListPart } from '../../store/resources.ts';
import { atOrAbove, below, chainOf, floorOf } from './scope-queries.ts';

export type PrincipalType = 'User' | 'Group' | 'ServicePrincipal' | 'ForeignGroup' | 'Device';

export interface RoleAssignment {
  id: string;
  /** A GUID, unique in the tenant. */
  name: string;
  scope: string;
  principalId: string;
  principalType: PrincipalType;
  /** The role's GUID. */
  roleName: string;
  description?: string;
  /** Of version 2.0, as it was given. */
  condition?: string;
  createdOn: number;
  createdBy: string;
}

/** `createdOn` when it is not now: the first owner's grant needs no propagation. */
export type NewRoleAssignment = Omit<RoleAssignment, 'id' | 'createdOn'> & { createdOn?: number };

/** The role assignments of the tenant. Scopes and ids are compared without case. */
export interface RoleAssignments {
  get(scope: string, name: string): RoleAssignment | undefined;
  getByName(name: string): RoleAssignment | undefined;
  put(assignment: NewRoleAssignment): RoleAssignment;
  delete(scope: string, name: string): void;
  /** At the scope and above it, in order of their ids. */
  above(scope: string, part?: ListPart): RoleAssignment[];
  /** At the scope, above it, and below it, in order of their ids. */
  around(scope: string, part?: ListPart): RoleAssignment[];
  ofPrincipal(principalId: string): RoleAssignment[];
  /** Whether any assignment is of this role. */
  isAssigned(roleName: string): boolean;
}

interface Row {
  id: string;
  scope: string;
  principal_id: string;
  principal_type: PrincipalType;
  role_definition_id: string;
  description: string | null;
  condition: string | null;
  created_on: number;
  created_by: string;
}

const assignmentId = (scope: string, name: string) =>
  `${scope === tenantScope ? '' : scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;

const marker = '/providers/Microsoft.Authorization/roleAssignments/';

function toAssignment(row: Row): RoleAssignment {
  const at = row.id.lastIndexOf(marker);
  return {
    id: row.id,
    name: row.id.slice(at + marker.length),
    // The column is lower-case, for comparison; the id keeps the spelling.
    scope: row.id.slice(0, at) || tenantScope,
    principalId: row.principal_id,
    principalType: row.principal_type,
    roleName: row.role_definition_id,
    ...(row.description === null ? {} : { description: row.description }),
    ...(row.condition === null ? {} : { condition: row.condition }),
    createdOn: row.created_on,
    createdBy: row.created_by,
  };
}

export function createRoleAssignments(
  db: Database,
  clock: Clock,
  propagation?: GrantPropagation<RoleAssignment>,
): RoleAssignments {
  const select = db.prepare('SELECT * FROM role_assignments WHERE key = ?');
  const selectByName = db.prepare('SELECT * FROM role_assignments WHERE name = ?');
  const ofPrincipal = db.prepare('SELECT * FROM role_assignments WHERE principal_id = ? ORDER BY key');
  const part = 'key > ?3 ORDER BY key LIMIT ?4';
  const above = db.prepare(`SELECT * FROM role_assignments WHERE ${atOrAbove} AND ${part}`);
  const around = db.prepare(`SELECT * FROM role_assignments WHERE (${atOrAbove} OR ${below}) AND ${part}`);
  const ofRole = db.prepare('SELECT 1 FROM role_assignments WHERE role_definition_id = ? LIMIT 1');
  const all = db.prepare('SELECT * FROM role_assignments ORDER BY created_on, key');
  const remove = db.prepare('DELETE FROM role_assignments WHERE key = ?');
  const upsert = db.prepare(`
    INSERT INTO role_assignments
      (key, id, name, scope, principal_id, principal_type, role_definition_id, description, condition,
       created_on, created_by)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET description = excluded.description, condition = excluded.condition
    RETURNING *`);
  const keyOf = (scope: string, name: string) => assignmentId(scope, name).toLowerCase();
  const first = (row: unknown) => (row ? toAssignment(row as Row) : undefined);
  const list = (rows: unknown[]) => (rows as Row[]).map(toAssignment);
  const get = (scope: string, name: string) => first(select.get(keyOf(scope, name)));
  // Those that an earlier process made may be on their way still.
  if (propagation) for (const assignment of list(all.all())) propagation.made(assignment);

  return {
    get,
    getByName: (name) => first(selectByName.get(name.toLowerCase())),
    put: ({ name, scope, principalId, principalType, roleName, createdBy, createdOn, ...given }) => {
      const isNew = !get(scope, name);
      const assignment = toAssignment(
        upsert.get(
          keyOf(scope, name),
          assignmentId(scope, name),
          name.toLowerCase(),
          scopeKey(scope),
          principalId.toLowerCase(),
          principalType,
          roleName.toLowerCase(),
          given.description ?? null,
          given.condition ?? null,
          createdOn ?? clock.now(),
          createdBy,
        ) as Row,
      );
      if (isNew) propagation?.made(assignment);
      return assignment;
    },
    delete: (scope, name) => {
      const assignment = get(scope, name);
      remove.run(keyOf(scope, name));
      if (assignment) propagation?.removed(assignment);
    },
    above: (scope, { limit, after = '' } = everything) =>
      list(above.all(chainOf(scope), null, after.toLowerCase(), limit)),
    around: (scope, { limit, after = '' } = everything) =>
      list(around.all(chainOf(scope), floorOf(scope), after.toLowerCase(), limit)),
    ofPrincipal: (principalId) => list(ofPrincipal.all(principalId.toLowerCase())),
    isAssigned: (roleName) => ofRole.get(roleName.toLowerCase()) !== undefined,
  };
}
