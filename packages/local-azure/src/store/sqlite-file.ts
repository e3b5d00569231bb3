import Libsql from 'libsql';
import { UserError } from '../user-error.ts';

/** Opens (or makes) a database file. Refuses with {@link UserError} one that this user may not open. */
export function openSqliteFile(file: string): Libsql.Database {
  try {
    return new Libsql(file);
  } catch {
    // libsql tells no more than a number, and has no code for it.
    throw new UserError(`The file ${file} cannot be opened.`, 'Is it yours to read and to write?');
  }
}
