import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assembleImage, type Entry } from '../../../test/container-image.ts';
import { EngineError } from '../engines/engine.ts';
import { createRootStore, type RootStore } from './root-store.ts';

let directory: string;
let store: RootStore;
const layers: Entry[][] = [
  [{ name: 'first', content: 'one'.repeat(50_000) }],
  [
    { name: 'second', content: 'two' },
    { name: '.wh.first', content: '' },
  ],
];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'local-azure-roots-'));
  store = createRootStore(join(directory, 'images'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const assemble = (compress?: (tar: Buffer) => Buffer) =>
  assembleImage(join(directory, 'blobs'), layers, {}, compress);

describe('unpack', () => {
  test.each([
    ['gzip', undefined],
    ['not compressed', (tar: Buffer) => tar],
  ])('layers in order: %s', async (_what, compress) => {
    const root = await store.unpack(await assemble(compress));
    expect(await readdir(root)).toEqual(['second']);
    expect((await stat(join(root, '..'))).mode & 0o777).toBe(0o700);
  });

  test('once per image, also when several sites start together and after a restart', async () => {
    const image = await assemble();
    const roots = await Promise.all([1, 2, 3].map(() => store.unpack(image)));
    expect(new Set(roots).size).toBe(1);
    await writeFile(join(roots[0]!, 'marker'), 'still here');
    const later = await createRootStore(join(directory, 'images')).unpack(image);
    expect(await readFile(join(later, 'marker'), 'utf8')).toBe('still here');
    expect(await readdir(join(directory, 'images'))).toHaveLength(1);
  });

  test.each<[string, RegExp, (path: string) => Promise<void>]>([
    [
      'truncated',
      /unexpected end of (file|data)/i,
      async (path) => truncate(path, (await stat(path)).size - 20),
    ],
    ['followed by something else', /damaged|end of data/, (path) => appendFile(path, gzipSync('more'))],
    [
      'of other contents',
      /damaged: its diff ID is sha256:/,
      (path) => writeFile(path, gzipSync(Buffer.alloc(1024))),
    ],
    ['no archive at all', /tar|header/i, (path) => writeFile(path, 'x'.repeat(2000))],
    ['empty', /damaged|end of data/, (path) => truncate(path, 0)],
    ['gone', /ENOENT/, (path) => rm(path)],
  ])('a layer that is %s is refused, and leaves nothing', async (_what, says, spoil) => {
    const image = await assemble();
    await spoil(image.layers[0]!.path);
    const failure = await store.unpack(image).catch((error) => error);
    expect(failure).toBeInstanceOf(EngineError);
    expect(failure.message).toMatch(
      /^image hoge\.azurecr\.io\/app:0\.1\.0 cannot be unpacked: layer sha256:/,
    );
    expect(failure.message).toMatch(says);
    expect(await readdir(join(directory, 'images'))).toEqual([]);
    // The next try starts afresh.
    expect(await readdir(await store.unpack(await assemble()))).toEqual(['second']);
  });

  test('zstd is read, or refused with the version that can', async () => {
    const image = await assemble(() => Buffer.from('28b52ffd0000', 'hex'));
    await expect(store.unpack(image)).rejects.toThrow(/zstd|damaged|corrupt|unexpected/i);
  });

  test('a configuration that does not fit the manifest is refused', async () => {
    const image = await assemble();
    await expect(store.unpack({ ...image, layers: image.layers.slice(1) })).rejects.toThrow(
      'its configuration lists 2 layers, its manifest 1',
    );
    image.config.rootfs.diff_ids[0] = 'md5:00';
    await expect(store.unpack(image)).rejects.toThrow('which is no diff ID');
  });
});

test('sweep removes what was left half unpacked, and keeps images', async () => {
  const root = await store.unpack(await assemble());
  await mkdir(join(directory, 'images/.unfinished-0123/usr'), { recursive: true });
  await store.sweep();
  expect(await readdir(join(directory, 'images'))).toEqual([root.split('/').at(-1)]);
});
