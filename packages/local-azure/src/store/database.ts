import { chmodSync } from 'node:fs';
import Libsql from 'libsql';
import { schema } from './schema.ts';

export type Database = Libsql.Database;

/**
 * Opens (or makes) the database file, readable by its owner only: it holds secrets.
 *
 * WAL with `synchronous = NORMAL`: a committed transaction survives the death of this process at any moment.
 */
export function openDatabase(file: string): Database {
  const db = new Libsql(file);
  if (file !== ':memory:') chmodSync(file, 0o600);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;');
  db.exec(schema);
  return db;
}
