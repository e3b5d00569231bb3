import { expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { readMeta, readOrCreateMeta } from './meta.ts';
import { inTransaction } from './transaction.ts';

const code = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return (error as { code?: string }).code ?? (error as Error).message;
  }
};

test('what fails leaves nothing, and says why', () => {
  const db = openDatabase(':memory:');
  const failing = () => {
    readOrCreateMeta(db, 'colour', () => 'red');
    throw new Error('it broke');
  };
  expect(code(() => inTransaction(db, failing))).toBe('it broke');
  expect(readMeta(db, 'colour')).toBeUndefined();
  expect(inTransaction(db, () => readOrCreateMeta(db, 'colour', () => 'blue'))).toBe('blue');
  db.close();
});

test('a transaction within another is a part of it', () => {
  const db = openDatabase(':memory:');
  const write = (key: string) => inTransaction(db, () => readOrCreateMeta(db, key, () => 'x'));
  const failing = () => {
    write('inner');
    throw new Error('it broke');
  };
  expect(code(() => inTransaction(db, failing))).toBe('it broke');
  expect(readMeta(db, 'inner')).toBeUndefined();
  inTransaction(db, () => write('inner'));
  expect(readMeta(db, 'inner')).toBe('x');
  db.close();
});

test('a full disk is told as such, whoever rolled back, and the database goes on', () => {
  const db = openDatabase(':memory:');
  const { page_count } = db.prepare('PRAGMA page_count').get() as { page_count: number };
  db.exec(`PRAGMA max_page_count = ${page_count + 2}`);
  const large = () => readOrCreateMeta(db, 'large', () => 'x'.repeat(100_000));
  expect(code(() => inTransaction(db, large))).toBe('SQLITE_FULL');
  expect(readMeta(db, 'large')).toBeUndefined();
  expect(inTransaction(db, () => readOrCreateMeta(db, 'small', () => 'x'))).toBe('x');
  db.close();
});
