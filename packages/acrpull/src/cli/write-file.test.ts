import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeWhole } from './write-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'write-file-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a file is written as a whole', () => {
  test('for its owner alone where that is asked, also in place of one that all may read', async () => {
    const file = join(folder, 'a');
    await writeFile(file, 'old');
    await chmod(file, 0o644);
    await writeWhole(file, 'new', { mode: 0o600 });
    expect(await readFile(file, 'utf8')).toBe('new');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('behind a link, which stays', async () => {
    await writeFile(join(folder, 'a'), 'old');
    await symlink(join(folder, 'a'), join(folder, 'link'));
    await writeWhole(join(folder, 'link'), 'new');
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('new');
  });

  test.each([
    ['.', 'is no file'],
    ['no/such/folder', 'ENOENT'],
  ])('%s is refused, and nothing is left behind', async (name, says) => {
    const refused = await writeWhole(join(folder, name), 'new').catch((error) => error);
    expect(refused.message).toContain(says);
    expect(await readdir(folder)).toEqual([]);
  });
});
