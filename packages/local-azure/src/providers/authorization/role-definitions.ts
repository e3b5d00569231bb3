import type { Clock } from '../../clock.ts';
import type { Permission } from '../../resource-manager/rbac.ts';
import type { Database } from '../../store/database.ts';
import { builtInRoles } from './built-in-roles.ts';

export interface RoleDefinition {
  /** A GUID, lower-case: the role's name in ids. */
  name: string;
  /** What people call it. */
  roleName: string;
  description: string;
  type: 'BuiltInRole' | 'CustomRole';
  /** The scopes at and below which it can be assigned. */
  assignableScopes: readonly string[];
  permissions: readonly Permission[];
  /** Who made a custom role and who changed it last, and when. */
  history?: { createdOn: number; createdBy: string; updatedOn: number; updatedBy: string };
}

export type CustomRole = Pick<
  RoleDefinition,
  'name' | 'roleName' | 'description' | 'assignableScopes' | 'permissions'
>;

/** The roles of the tenant, built-in and custom. Names of both kinds are compared without case. */
export interface RoleDefinitions {
  /** The role with this GUID. */
  get(name: string): RoleDefinition | undefined;
  getByRoleName(roleName: string): RoleDefinition | undefined;
  /** Built-in ones first. */
  all(): RoleDefinition[];
  /** How many custom ones there are. */
  count(): number;
  put(role: CustomRole, changedBy: string): RoleDefinition;
  /** Deletes a custom role. */
  delete(name: string): void;
}

interface Row {
  name: string;
  body: string;
  created_on: number;
  created_by: string;
  updated_on: number;
  updated_by: string;
}

const toRole = (row: Row): RoleDefinition => ({
  ...(JSON.parse(row.body) as Omit<CustomRole, 'name'>),
  name: row.name,
  type: 'CustomRole',
  history: {
    createdOn: row.created_on,
    createdBy: row.created_by,
    updatedOn: row.updated_on,
    updatedBy: row.updated_by,
  },
});

const builtIn = {
  byName: new Map(builtInRoles.map((role) => [role.name, role])),
  byRoleName: new Map(builtInRoles.map((role) => [role.roleName.toLowerCase(), role])),
};

export function createRoleDefinitions(db: Database, clock: Clock): RoleDefinitions {
  const select = db.prepare('SELECT * FROM role_definitions WHERE name = ?');
  const selectByRoleName = db.prepare('SELECT * FROM role_definitions WHERE role_name = ?');
  const every = db.prepare('SELECT * FROM role_definitions ORDER BY role_name');
  const count = db.prepare('SELECT count(*) AS count FROM role_definitions');
  const upsert = db.prepare(`
    INSERT INTO role_definitions (name, role_name, body, created_on, created_by, updated_on, updated_by)
    VALUES (?1, ?2, ?3, ?4, ?5, ?4, ?5)
    ON CONFLICT (name) DO UPDATE SET role_name = excluded.role_name, body = excluded.body,
      updated_on = excluded.updated_on, updated_by = excluded.updated_by
    RETURNING *`);
  const remove = db.prepare('DELETE FROM role_definitions WHERE name = ?');
  const first = (row: unknown) => (row ? toRole(row as Row) : undefined);

  return {
    get: (name) => builtIn.byName.get(name.toLowerCase()) ?? first(select.get(name.toLowerCase())),
    getByRoleName: (roleName) =>
      builtIn.byRoleName.get(roleName.toLowerCase()) ?? first(selectByRoleName.get(roleName.toLowerCase())),
    all: () => [...builtInRoles, ...(every.all() as Row[]).map(toRole)],
    count: () => (count.get() as { count: number }).count,
    put: ({ name, ...role }, changedBy) =>
      toRole(
        upsert.get(
          name.toLowerCase(),
          role.roleName.toLowerCase(),
          JSON.stringify(role),
          clock.now(),
          changedBy,
        ) as Row,
      ),
    delete: (name) => {
      remove.run(name.toLowerCase());
    },
  };
}
