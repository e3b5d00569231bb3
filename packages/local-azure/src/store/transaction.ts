import type { Database } from './database.ts';

/**
 * Runs `work` as one transaction, or as a part of the one that runs: all of it is kept, or nothing. Fails as `work`
 * does: libsql's own `transaction` hides that wherever SQLite has rolled back by itself, as on a full disk.
 */
export function inTransaction<T>(db: Database, work: () => T): T {
  if (db.inTransaction) return work();
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
