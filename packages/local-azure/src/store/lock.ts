import { UserError } from '../user-error.ts';
import { openSqliteFile } from './sqlite-file.ts';

/**
 * Takes the folder's lock for this process, or returns undefined when another instance holds it.
 *
 * The lock is the operating system's own, taken by SQLite on an empty database file: it ends with the process
 * however that ends, so there is nothing stale to judge, no process id to trust, and it works on every platform.
 */
export function takeLock(file: string): { release(): void } | undefined {
  const db = openSqliteFile(file);
  try {
    // A little patience: `status` holds the lock for a moment when it looks whether anybody else does.
    db.exec('PRAGMA busy_timeout = 250; BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    const { code } = error as { code?: string };
    if (code === 'SQLITE_BUSY') return undefined;
    if (code === 'SQLITE_NOTADB')
      throw new UserError(
        `The file ${file} is damaged: it is not a lock.`,
        'Delete it: it holds nothing, and is made anew.',
      );
    throw error;
  }
  return { release: () => db.close() };
}
