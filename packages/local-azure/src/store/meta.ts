import type { Database } from './database.ts';

/** The value kept under `key`; undefined when there is none. */
export function readMeta(db: Database, key: string): string | undefined {
  const row = db.prepare('SELECT value FROM meta WHERE key = ?').get(key) as { value: string } | undefined;
  return row?.value;
}

/** The value kept under `key`; `make` gives it at first use. */
export function readOrCreateMeta(db: Database, key: string, make: () => string): string {
  db.prepare('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING').run(key, make());
  return readMeta(db, key)!;
}
