import Libsql from 'libsql';

/**
 * Takes the folder's lock for this process, or returns undefined when another instance holds it.
 *
 * The lock is the operating system's own, taken by SQLite on an empty database file: it ends with the process
 * however that ends, so there is nothing stale to judge, no process id to trust, and it works on every platform.
 */
export function takeLock(file: string): { release(): void } | undefined {
  const db = new Libsql(file);
  try {
    // A little patience: `status` holds the lock for a moment when it looks whether anybody else does.
    db.exec('PRAGMA busy_timeout = 250; BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if ((error as { code?: string }).code === 'SQLITE_BUSY') return undefined;
    throw error;
  }
  return { release: () => db.close() };
}
