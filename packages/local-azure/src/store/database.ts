import { chmodSync } from 'node:fs';
import { dirname } from 'node:path';
import type Libsql from 'libsql';
import { UserError } from '../user-error.ts';
import { readMeta, readOrCreateMeta } from './meta.ts';
import { schema, schemaVersion } from './schema.ts';
import { openSqliteFile } from './sqlite-file.ts';
import { inTransaction } from './transaction.ts';

export type Database = Libsql.Database;
export type Statement = Libsql.Statement;

/**
 * Opens (or makes) the database file, readable by its owner only: it holds secrets. Refuses with {@link UserError} one
 * that has another schema, or is damaged.
 *
 * WAL with `synchronous = NORMAL`: a committed transaction survives the death of this process at any moment.
 */
export function openDatabase(file: string): Database {
  const db = openSqliteFile(file);
  try {
    checkVersion(db, file);
    if (file !== ':memory:') chmodSync(file, 0o600);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;');
    inTransaction(db, () => {
      db.exec(schema);
      readOrCreateMeta(db, versionKey, () => String(schemaVersion));
    });
    return db;
  } catch (error) {
    db.close();
    throw damaged.has((error as { code?: string }).code ?? '') ? damagedState(file) : error;
  }
}

const versionKey = 'schemaVersion';
const damaged = new Set(['SQLITE_NOTADB', 'SQLITE_CORRUPT']);

/** An empty file has no version yet; one from before there were versions has none either, and is older. */
function checkVersion(db: Database, file: string): void {
  const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as {
    name: string;
  }[];
  if (tables.length === 0) return;
  const hasMeta = tables.some(({ name }) => name === 'meta');
  const found = Number((hasMeta && readMeta(db, versionKey)) || 0);
  if (found !== schemaVersion) throw otherVersion(file, found);
}

const otherVersion = (file: string, found: number) =>
  new UserError(
    `The state in ${dirname(file)} was written by ${found < schemaVersion ? 'an older' : 'a newer'} local-azure: ` +
      `its schema has version ${found}, and this one reads version ${schemaVersion}.`,
    `Use it with that local-azure, or delete it: local-azure reset --data-dir ${dirname(file)}`,
  );

const damagedState = (file: string) =>
  new UserError(
    `The file ${file} is damaged: it is not a database.`,
    `Put back a copy, or delete the state: local-azure reset --data-dir ${dirname(file)}`,
  );
