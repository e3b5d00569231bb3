import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock } from '../../test/manual-clock.ts';
import { startRegistryServer } from '../../test/registry-server.ts';
import { digestOf, openRegistryStores, placeOf, type RegistryStores } from '../../test/registry-stores.ts';
import { defaultGraceMs as grace } from './garbage.ts';
import type { Digest } from './names.ts';

const hoge = 'hoge.azurecr.io';
const other = 'other.azurecr.io';
const app = placeOf(hoge, 'team/app');
const base = placeOf(hoge, 'team/base');

let folder: string;
let at: RegistryStores;
const clock = createManualClock();
const open = () => openRegistryStores(folder, clock, grace, [hoge, other]);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'garbage-'));
  at = await open();
});
afterEach(async () => {
  at.kill();
  await rm(folder, { recursive: true });
});

const pathOf = (digest: string) => join(folder, 'blobs', 'sha256', digest.slice(7, 9), digest.slice(7));
const isOnDisk = (text: string) => existsSync(pathOf(digestOf(text)));

async function afterGrace(): Promise<void> {
  await clock.advance(grace);
  await at.collect();
}

describe('a blob that no manifest names', () => {
  test('stays for as long as a client may rely on it, then goes with its file and its size', async () => {
    const digest = await at.push(app, 'layer');
    await clock.advance(grace - 1);
    await at.collect();
    expect([at.content.blobSize(app, digest), isOnDisk('layer')]).toEqual([5, true]);
    await clock.advance(1);
    await at.collect();
    expect([at.content.blobSize(app, digest), isOnDisk('layer')]).toEqual([undefined, false]);
    expect(at.content.storedBytes(hoge)).toBe(0);
  });

  test.each([
    ['is told of it', (digest: Digest) => at.content.tellBlob(app, digest)],
    ['pushes it again', () => at.push(app, 'layer')],
    ['mounts it elsewhere', (digest: Digest) => at.content.addBlob(base, digest, 5)],
  ])('stays for longer when a client %s', async (_, tell) => {
    const digest = await at.push(app, 'layer');
    await clock.advance(grace - 1);
    await tell(digest);
    await clock.advance(grace - 1);
    await at.collect();
    expect(isOnDisk('layer')).toBe(true);
    await afterGrace();
    expect(isOnDisk('layer')).toBe(false);
  });

  test('goes from its repository alone while another names it, of whatever registry', async () => {
    const elsewhere = placeOf(other, 'team/app');
    const digest = await at.push(app, 'layer');
    await at.push(elsewhere, 'layer');
    at.put(elsewhere, 'image', ['layer']);
    await afterGrace();
    expect(at.content.blobSize(app, digest)).toBeUndefined();
    expect(await at.read(digest)).toBe('layer');
    at.deleteRegistry(other);
    await at.collect();
    expect(await at.files()).toEqual([]);
  });
});

describe('a manifest', () => {
  test('holds its blobs; a deleted one frees those that no other names', async () => {
    for (const text of ['config', 'shared', 'layer']) await at.push(app, text);
    at.put(app, 'one', ['config', 'shared', 'layer']);
    at.put(app, 'two', ['config', 'shared']);
    await afterGrace();
    expect(await at.files()).toHaveLength(3);
    at.remove(app, 'one');
    await at.collect();
    expect(['config', 'shared', 'layer'].map(isOnDisk)).toEqual([true, true, false]);
    expect(at.content.storedBytes(hoge)).toBe('config'.length + 'shared'.length);
    at.remove(app, 'two');
    await at.collect();
    expect(await at.files()).toEqual([]);
  });

  test('that is deleted leaves the blobs to a client that was told of them meanwhile', async () => {
    const digest = await at.push(app, 'layer');
    at.put(app, 'image', ['layer']);
    await clock.advance(grace);
    at.content.tellBlob(app, digest);
    at.remove(app, 'image');
    await at.collect();
    expect(isOnDisk('layer')).toBe(true);
    at.put(app, 'another', ['layer']);
    await afterGrace();
    expect(isOnDisk('layer')).toBe(true);
  });

  test('does not hold what its repository has been made to delete', async () => {
    const digest = await at.push(app, 'layer');
    at.put(app, 'image', ['layer']);
    at.content.removeBlob(app, digest);
    await at.collect();
    expect(isOnDisk('layer')).toBe(false);
  });
});

test('a file that a kill has left between the two steps of a commit goes at the next start', async () => {
  await at.push(app, 'stray');
  await at.push(app, 'kept');
  const stray = await readFile(pathOf(digestOf('stray')));
  at.content.removeBlob(app, digestOf('stray'));
  await at.collect();
  await writeFile(pathOf(digestOf('stray')), stray);
  at.kill();
  at = await open();
  await at.collect();
  expect([isOnDisk('stray'), isOnDisk('kept')]).toEqual([false, true]);
});

test('a registry that was deleted takes no content, and another of its name begins empty', async () => {
  await at.collect();
  const digest = await at.push(app, 'layer');
  at.put(app, 'image', ['layer']);
  at.deleteRegistry(hoge);
  await expect(at.push(app, 'late')).rejects.toThrow('FOREIGN KEY');
  expect(() => at.put(app, 'late', [])).toThrow('FOREIGN KEY');
  at.makeRegistry(hoge);
  expect(at.content.blobSize(app, digest)).toBeUndefined();
  expect(at.content.manifest(app, digestOf('image'))).toBeUndefined();
  await at.collect();
  expect(await at.files()).toEqual([]);
});

test('the registry does so by itself, from its start on', async () => {
  const server = await startRegistryServer();
  const digest = await server.pushBlob('team/app', 'layer');
  const files = () => readdir(join(server.blobsDir, 'sha256', digest.slice(7, 9)));
  expect(await files()).toHaveLength(1);
  await server.advance(grace);
  await expect.poll(files).toEqual([]);
  expect(server.registry().storedBytes(hoge)).toBe(0);
  await server.stop();
});
