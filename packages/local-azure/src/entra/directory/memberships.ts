import type { Clock } from '../../clock.ts';
import type { Database } from '../../store/database.ts';
import type { Principal } from '../entra.ts';

/** Who is in which group. */
export interface Memberships {
  /** Direct members, by object id. */
  members(groupId: string): string[];
  /** False when it was one already. */
  add(groupId: string, memberId: string): boolean;
  /** False when it was none. */
  remove(groupId: string, memberId: string): boolean;
  /** Every group that the principal is in, through other groups too. */
  groupsOf(principalId: string): string[];
  /**
   * Notes down the groups that a token is issued with: those count for the principal until its next token. The tokens
   * of managed identities are kept for a day, and nobody can have them renewed before.
   */
  decideForToken(principal: Principal): void;
  /** Forgets the principal, as a member and as a group. */
  deleteAll(principalId: string): void;
}

/** Source: learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identity-best-practice-recommendations */
const managedIdentityTokensKept = 24 * 60 * 60 * 1000;

export function createMemberships(db: Database, clock: Clock): Memberships {
  const members = db.prepare('SELECT member_id FROM group_members WHERE group_id = ? ORDER BY member_id');
  const insert = db.prepare('INSERT OR IGNORE INTO group_members (group_id, member_id) VALUES (?, ?)');
  const remove = db.prepare('DELETE FROM group_members WHERE group_id = ? AND member_id = ?');
  const removeAll = db.prepare('DELETE FROM group_members WHERE group_id = ?1 OR member_id = ?1');
  // UNION, not UNION ALL: groups may contain each other.
  const groups = db.prepare(`
    WITH RECURSIVE held (id) AS (
      SELECT group_id FROM group_members WHERE member_id = ?
      UNION SELECT group_id FROM group_members JOIN held ON member_id = held.id
    ) SELECT id FROM held ORDER BY id`);
  const decided = db.prepare('SELECT group_ids, decided_on FROM token_groups WHERE principal_id = ?');
  const decide = db.prepare(`
    INSERT INTO token_groups (principal_id, group_ids, decided_on) VALUES (?, ?, ?)
    ON CONFLICT (principal_id) DO UPDATE SET group_ids = excluded.group_ids, decided_on = excluded.decided_on`);
  const forget = db.prepare('DELETE FROM token_groups WHERE principal_id = ?');

  const groupsOf = (principalId: string) => (groups.all(principalId) as { id: string }[]).map(({ id }) => id);

  return {
    members: (groupId) => (members.all(groupId) as { member_id: string }[]).map((row) => row.member_id),
    add: (groupId, memberId) => insert.run(groupId, memberId).changes > 0,
    remove: (groupId, memberId) => remove.run(groupId, memberId).changes > 0,
    groupsOf,
    decideForToken({ id, kind }) {
      const last = decided.get(id) as { group_ids: string; decided_on: number } | undefined;
      const isManaged = kind === 'ManagedIdentity';
      if (last && isManaged && last.decided_on + managedIdentityTokensKept > clock.now()) return;
      const current = JSON.stringify(groupsOf(id));
      if (isManaged || current !== (last?.group_ids ?? '[]')) decide.run(id, current, clock.now());
    },
    deleteAll(principalId) {
      removeAll.run(principalId);
      forget.run(principalId);
    },
  };
}
