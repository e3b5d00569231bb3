import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { extract } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Entry, tar } from '../../../test/container-image.ts';
import { EngineError } from '../engines/engine.ts';
import { applyLayer, type TarEntry } from './apply-layer.ts';

let directory: string;
let root: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'local-azure-layer-'));
  root = join(directory, 'root');
  await mkdir(root);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function apply(into: string, ...layers: Entry[][]): Promise<void> {
  for (const entries of layers) {
    const archive = extract();
    archive.end(await tar(entries));
    await applyLayer(into, archive as AsyncIterable<unknown> as AsyncIterable<TarEntry>);
  }
}

const file = (name: string, content = name, mode = 0o644): Entry => ({ name, content, mode });
const dir = (name: string, mode = 0o755): Entry => ({ name, type: 'directory', mode });
const symlink = (name: string, linkname: string): Entry => ({ name, type: 'symlink', linkname });
const link = (name: string, linkname: string): Entry => ({ name, type: 'link', linkname });
const read = (path: string) => readFile(join(root, path), 'utf8');

/** Every path below the root, with `/` after directories and the target after links. */
async function tree(): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const lines = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(root.length + 1);
    if (entry.isDirectory()) return `${name}/`;
    return entry.isSymbolicLink() ? `${name} -> ${await readlink(path)}` : name;
  });
  return (await Promise.all(lines)).sort();
}

describe('entries', () => {
  test('files, directories and links, with their permissions and times', async () => {
    const mtime = new Date('2024-02-29T12:00:00Z');
    await apply(root, [
      dir('tmp', 0o1777),
      { ...file('bin/tool', 'x'.repeat(200_000), 0o755), mtime },
      symlink('bin/alias', 'tool'),
      link('bin/again', 'bin/tool'),
    ]);
    expect(await tree()).toEqual(['bin/', 'bin/again', 'bin/alias -> tool', 'bin/tool', 'tmp/']);
    expect((await lstat(join(root, 'tmp'))).mode & 0o7777).toBe(0o1777);
    const tool = await lstat(join(root, 'bin/tool'));
    expect(tool).toMatchObject({ size: 200_000, nlink: 2, mtime });
    expect(tool.mode & 0o7777).toBe(0o755);
    expect((await lstat(join(root, 'bin/again'))).ino).toBe(tool.ino);
  });

  test('set-user-id bits are dropped, and directories stay open for their owner', async () => {
    await apply(root, [dir('locked', 0o011), file('locked/su', '', 0o6755)]);
    expect((await lstat(join(root, 'locked'))).mode & 0o7777).toBe(0o711);
    expect((await lstat(join(root, 'locked/su'))).mode & 0o7777).toBe(0o755);
  });

  test('a later entry replaces an earlier one of another type; directories are merged', async () => {
    await apply(
      root,
      [file('a'), dir('b'), file('b/1'), symlink('c', '/'), dir('d'), file('d/1'), file('e')],
      [dir('a'), file('a/1'), file('b', 'now a file'), dir('c'), file('c/1'), dir('d'), file('d/2')],
      [file('e', 'twice'), file('e', 'the last one counts')],
    );
    expect(await tree()).toEqual(['a/', 'a/1', 'b', 'c/', 'c/1', 'd/', 'd/1', 'd/2', 'e']);
    expect(await read('e')).toBe('the last one counts');
  });

  test('devices are left out', async () => {
    await apply(root, [{ name: 'dev/sda', type: 'block-device', devmajor: 8, devminor: 0 }, file('x')]);
    expect(await tree()).toEqual(['x']);
  });

  test.each([
    ['an absent file', 'nowhere'],
    ['a directory', 'a'],
    ['a path that leaves the root', '../outside'],
  ])('a hard link to %s is refused', async (_what, target) => {
    await writeFile(join(directory, 'outside'), 'secret');
    await expect(apply(root, [dir('a'), link('b', target)])).rejects.toThrow(/^it (links|names)/);
    expect(await tree()).toEqual(['a/']);
  });
});

describe('whiteouts', () => {
  const lower = [dir('a'), file('a/1'), file('a/2'), dir('a/sub'), file('a/sub/3'), file('b')];

  test('a whiteout removes what lower layers have, a file or a whole directory', async () => {
    await apply(root, lower, [file('a/.wh.1', ''), file('a/.wh.sub', ''), file('.wh.nothing', '')]);
    expect(await tree()).toEqual(['a/', 'a/2', 'b']);
  });

  test('it spares what its own layer brings, whichever comes first', async () => {
    await apply(root, lower, [file('b', 'new'), file('.wh.b', ''), file('.wh.a', ''), file('a/4')]);
    expect(await tree()).toEqual(['a/', 'a/4', 'b']);
    expect(await read('b')).toBe('new');
  });

  test('an opaque directory hides the lower contents, and not those of its own layer, wherever it stands', async () => {
    await apply(root, lower, [dir('a'), file('a/sub/4'), file('a/.wh..wh..opq', ''), file('a/5')]);
    expect(await tree()).toEqual(['a/', 'a/5', 'a/sub/', 'a/sub/4', 'b']);
  });

  test('a whiteout of a symbolic link removes the link, not its target', async () => {
    await apply(root, [dir('a'), file('a/1'), symlink('l', 'a')], [file('.wh.l', '')]);
    expect(await tree()).toEqual(['a/', 'a/1']);
  });
});

describe('symbolic links', () => {
  beforeEach(() => writeFile(join(directory, 'outside'), 'untouched'));

  test('are followed inside the root: merged-usr images', async () => {
    await apply(root, [dir('usr'), dir('usr/lib'), symlink('lib', 'usr/lib')], [file('lib/x.so')]);
    expect(await tree()).toEqual(['lib -> usr/lib', 'usr/', 'usr/lib/', 'usr/lib/x.so']);
  });

  test.each([
    ['absolute', '/etc'],
    ['relative beyond the root', '../../../../etc'],
  ])('one that is %s leads to a place in the root, never out', async (_what, target) => {
    await apply(root, [symlink('door', target)], [file('door/passwd', 'mine')]);
    expect(await tree()).toEqual([`door -> ${target}`, 'etc/', 'etc/passwd']);
  });

  test('are replaced, not written through', async () => {
    await apply(root, [symlink('door', '../outside'), file('door', 'a file now')]);
    expect(await read('door')).toBe('a file now');
    expect(await readFile(join(directory, 'outside'), 'utf8')).toBe('untouched');
  });

  test('a hard link to one is a link to the link itself', async () => {
    await apply(root, [symlink('door', '../outside'), link('copy', 'door')], [file('copy', 'mine')]);
    expect(await readFile(join(directory, 'outside'), 'utf8')).toBe('untouched');
  });

  test('a hard link by way of one stays inside', async () => {
    await expect(apply(root, [symlink('up', '..'), link('stolen', 'up/outside')])).rejects.toThrow(
      'no file in the image',
    );
  });

  test('one that leads to itself is refused', async () => {
    await expect(apply(root, [symlink('a', 'b'), symlink('b', 'a'), file('a/x')])).rejects.toThrow(
      'too many symbolic links',
    );
  });

  test('a file where a directory is needed is refused', async () => {
    await expect(apply(root, [file('a'), file('a/x')])).rejects.toThrow('/a is not a directory');
  });
});

test('whatever the layers hold, nothing outside of the root changes', async () => {
  const step = fc.constantFrom('a', 'b', 'c', '..', '.', '.wh.a', '.wh..wh..opq');
  const path = fc.array(step, { minLength: 1, maxLength: 4 }).map((steps) => steps.join('/'));
  const target = fc.oneof(
    path,
    path.map((p) => `/${p}`),
    path.map((p) => `../../${p}`),
  );
  const entry: fc.Arbitrary<Entry> = fc.oneof(
    path.map((name) => file(name, 'evil')),
    path.map((name) => dir(name)),
    fc.tuple(path, target).map(([name, to]) => symlink(name, to)),
    fc.tuple(path, target).map(([name, to]) => link(name, to)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(entry, { maxLength: 8 }), { maxLength: 3 }), async (layers) => {
      const cage = mkdtempSync(join(directory, 'cage-'));
      for (const name of ['a', 'b', 'root/here']) mkdirSync(join(cage, name), { recursive: true });
      writeFileSync(join(cage, 'c'), 'untouched');
      await apply(join(cage, 'root/here'), ...layers).catch((error) =>
        expect(error).toBeInstanceOf(EngineError),
      );
      expect(readdirSync(cage).sort()).toEqual(['a', 'b', 'c', 'root']);
      expect(readdirSync(join(cage, 'root'))).toEqual(['here']);
      for (const name of ['a', 'b']) expect(readdirSync(join(cage, name))).toEqual([]);
      expect(await readFile(join(cage, 'c'), 'utf8')).toBe('untouched');
      expect((await lstat(join(cage, 'c'))).nlink).toBe(1);
      rmSync(cage, { recursive: true });
    }),
    { numRuns: 300 },
  );
});
