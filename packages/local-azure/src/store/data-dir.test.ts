import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '../user-error.ts';
import { createDataDir, dataDir } from './data-dir.ts';
import { takeLock } from './lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'data-dir-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('the folder is made, open to its owner only', async () => {
  const { path } = createDataDir(join(folder, 'new', 'one'));
  expect((await stat(path)).mode & 0o777).toBe(0o700);
});

test('one of ours is known by its database too, when somebody has deleted the lock file', async () => {
  await writeFile(dataDir(folder).database, '');
  expect(createDataDir(folder).path).toBe(folder);
});

describe('it refuses', () => {
  const refusal = (path: string) => {
    try {
      createDataDir(path);
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
      expect((error as UserError).hint).toContain('--data-dir');
      return (error as UserError).message;
    }
  };

  test('a folder that holds something else', async () => {
    await writeFile(join(folder, 'thesis.txt'), '');
    expect(refusal(folder)).toBe(`The folder ${folder} holds files that are not local-azure's.`);
  });

  test('a file', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    expect(refusal(file)).toContain(`The folder ${file} cannot be used: EEXIST`);
    expect(refusal(join(file, 'below'))).toContain('cannot be used: ENOTDIR');
  });

  const root = process.getuid?.() === 0 ? ' (skipped: permissions do not bind root)' : '';
  test.skipIf(root)(`a folder without permission to write${root}`, async () => {
    const closed = join(folder, 'closed');
    await mkdir(closed);
    await chmod(closed, 0o500);
    expect(refusal(join(closed, 'new'))).toContain('cannot be used: EACCES: permission denied');
  });

  test('a lock file with something else in it', async () => {
    const { lock } = createDataDir(folder);
    await writeFile(lock, 'x'.repeat(1000));
    expect(() => takeLock(lock)).toThrow(`The file ${lock} is damaged: it is not a lock.`);
  });
});
