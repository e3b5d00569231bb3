import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '../user-error.ts';
import { openDatabase } from './database.ts';
import { readOrCreateMeta } from './meta.ts';
import { schemaVersion } from './schema.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'database-'));
  file = join(folder, 'state.db');
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes to the file as another program would. */
function edit(sql: string): void {
  const db = new Libsql(file);
  db.exec(sql);
  db.close();
}

test('what was kept is there again', () => {
  const first = openDatabase(file);
  readOrCreateMeta(first, 'colour', () => 'red');
  first.close();
  const second = openDatabase(file);
  expect(readOrCreateMeta(second, 'colour', () => 'blue')).toBe('red');
  second.close();
});

test('a file that a crash left empty is taken', async () => {
  await writeFile(file, '');
  openDatabase(file).close();
  expect((await stat(file)).size).toBeGreaterThan(0);
});

describe('it refuses', () => {
  const opening = () => {
    try {
      openDatabase(file).close();
      return 'opened';
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
      expect((error as UserError).hint).toContain(`local-azure reset --data-dir ${folder}`);
      return (error as UserError).message;
    }
  };

  test('a newer schema, again and again', () => {
    openDatabase(file).close();
    edit(`UPDATE meta SET value = '${schemaVersion + 1}' WHERE key = 'schemaVersion'`);
    const says = `The state in ${folder} was written by a newer local-azure: its schema has version ${schemaVersion + 1}, and this one reads version ${schemaVersion}.`;
    expect([opening(), opening()]).toEqual([says, says]);
  });

  test.each([
    [
      'a schema from before there were versions',
      'CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)',
    ],
    ['tables that are not ours', 'CREATE TABLE things (id TEXT)'],
  ])('%s', (_what, sql) => {
    edit(sql);
    expect(opening()).toContain('was written by an older local-azure: its schema has version 0');
  });

  test('what cannot be opened', () => {
    expect(() => openDatabase(folder)).toThrow(`The file ${folder} cannot be opened.`);
  });

  test('a file that is no database', async () => {
    await writeFile(file, 'x'.repeat(10_000));
    expect(opening()).toBe(`The file ${file} is damaged: it is not a database.`);
  });
});
