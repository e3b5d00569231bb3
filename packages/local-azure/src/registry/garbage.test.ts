import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock } from '../../test/manual-clock.ts';
import { registryResource } from '../../test/registry-resource.ts';
import { startRegistryServer } from '../../test/registry-server.ts';
import { sha256 } from '../../test/sha256.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { append, createBlobStore } from './blob-store.ts';
import { createContent, type Place } from './content.ts';
import { createGarbageCollection, defaultGraceMs as grace } from './garbage.ts';
import type { Digest, Repository } from './names.ts';

const hoge = 'hoge.azurecr.io';
const other = 'other.azurecr.io';
const never = new AbortController().signal;
const place = (registry: string, repository: string): Place => ({
  registry,
  repository: repository as Repository,
});
const app = place(hoge, 'team/app');
const base = place(hoge, 'team/base');
const digestOf = (text: string) => sha256(text) as Digest;

let folder: string;
let at: Awaited<ReturnType<typeof openStores>>;
const clock = createManualClock();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'garbage-'));
  at = await openStores();
});
afterEach(async () => {
  at.kill();
  await rm(folder, { recursive: true });
});

/** The database as a process has it: from its `kill` on, nothing is read or written any more. */
function mortal(db: Database): { db: Database; kill(): void } {
  let isDead = false;
  const whileAlive = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(_, name) {
        if (isDead) throw new Error('killed');
        const value = Reflect.get(target, name);
        if (name === 'prepare') return (sql: string) => whileAlive(db.prepare(sql));
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  const kill = () => {
    isDead = true;
    db.close();
  };
  return { db: whileAlive(db), kill };
}

/** All that is kept of two registries, as after a start on the test's folder. */
async function openStores() {
  const { db, kill } = mortal(openDatabase(join(folder, 'state.db')));
  const makeRegistry = (registry: string) => registryResource(db, registry).make();
  for (const registry of [hoge, other]) makeRegistry(registry);
  const content = createContent(db, clock, grace);
  const blobs = await createBlobStore(join(folder, 'blobs'));
  const garbage = createGarbageCollection({ db, blobs, clock, graceMs: grace });

  return {
    db,
    kill,
    content,
    makeRegistry,
    deleteRegistry: (registry: string) => registryResource(db, registry).delete(),
    collect: () => garbage.collect(never),
    /** `told` is called at the moment when the repository has the blob. */
    async push(where: Place, text: string, told = () => {}): Promise<Digest> {
      const draft = blobs.newDraft('sha256');
      await append(draft, Readable.from([Buffer.from(text)]));
      const link = () => {
        content.addBlob(where, digestOf(text), draft.size);
        told();
      };
      if (!(await blobs.commit(draft, digestOf(text), link))) throw new Error('another digest');
      return digestOf(text);
    },
    put: (where: Place, name: string, texts: string[]) =>
      content.putManifest(
        where,
        {
          digest: digestOf(name),
          mediaType: 'image',
          body: Buffer.from(name),
          imageSize: name.length,
          blobs: texts.map(digestOf),
        },
        [],
      ),
    remove: (where: Place, name: string) => content.removeManifest(where, digestOf(name)),
    read: async (digest: Digest) => {
      const file = await blobs.open(digest);
      if (!file) return undefined;
      const text = await file.readFile('utf8');
      await file.close();
      return text;
    },
  };
}

const pathOf = (digest: string) => join(folder, 'blobs', 'sha256', digest.slice(7, 9), digest.slice(7));
const isOnDisk = (text: string) => existsSync(pathOf(digestOf(text)));
const filesOnDisk = async () =>
  (await readdir(join(folder, 'blobs'), { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  ).length;

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
    const elsewhere = place(other, 'team/app');
    const digest = await at.push(app, 'layer');
    await at.push(elsewhere, 'layer');
    at.put(elsewhere, 'image', ['layer']);
    await afterGrace();
    expect(at.content.blobSize(app, digest)).toBeUndefined();
    expect(await at.read(digest)).toBe('layer');
    at.deleteRegistry(other);
    await at.collect();
    expect(await filesOnDisk()).toBe(0);
  });
});

describe('a manifest', () => {
  test('holds its blobs; a deleted one frees those that no other names', async () => {
    for (const text of ['config', 'shared', 'layer']) await at.push(app, text);
    at.put(app, 'one', ['config', 'shared', 'layer']);
    at.put(app, 'two', ['config', 'shared']);
    await afterGrace();
    expect(await filesOnDisk()).toBe(3);
    at.remove(app, 'one');
    await at.collect();
    expect(['config', 'shared', 'layer'].map(isOnDisk)).toEqual([true, true, false]);
    expect(at.content.storedBytes(hoge)).toBe('config'.length + 'shared'.length);
    at.remove(app, 'two');
    await at.collect();
    expect(await filesOnDisk()).toBe(0);
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
  at = await openStores();
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
  expect(await filesOnDisk()).toBe(0);
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

// Clients that push and delete the same few blobs at once, a collection that never rests, and a crash now and then.
describe('whatever comes together', () => {
  const places = [app, base, place(other, 'team/app')];
  const contents = ['one', 'two', 'three'];
  const where = fc.constantFrom(...places);
  const text = fc.constantFrom(...contents);
  const texts = fc.uniqueArray(text, { minLength: 1 });
  const kind = <Kind extends string>(name: Kind) => fc.constant(name);
  const action = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: kind('push'), where, text }) },
    { weight: 2, arbitrary: fc.record({ kind: kind('head'), where, text }) },
    { weight: 2, arbitrary: fc.record({ kind: kind('put'), where, texts }) },
    { weight: 2, arbitrary: fc.record({ kind: kind('remove'), where, texts }) },
    { weight: 2, arbitrary: fc.record({ kind: kind('removeBlob'), where, text }) },
    { weight: 1, arbitrary: fc.record({ kind: kind('replaceRegistry'), where }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: kind('wait'), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
    },
  );
  type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;
  const clients = fc.array(fc.array(action, { maxLength: 12 }), { minLength: 1, maxLength: 4 });
  const crashAfter = fc.option(fc.nat(40));

  /** What must hold: when clients were last told of a blob, and the manifests that were put. */
  const told = new Map<string, { where: Place; text: string; on: number }>();
  const manifests = new Map<string, { where: Place; texts: string[] }>();
  const keyOf = ({ registry, repository }: Place, what: unknown) => `${registry}/${repository} ${what}`;
  const tell = (where: Place, text: string) => told.set(keyOf(where, text), { where, text, on: clock.now() });
  // A client that is told again within a sixtieth of the grace is not written down.
  const reliesOn = (where: Place, text: string) =>
    clock.now() - (told.get(keyOf(where, text))?.on ?? Number.NEGATIVE_INFINITY) < grace * (59 / 60);
  const has = (where: Place, text: string) => at.content.blobSize(where, digestOf(text)) !== undefined;

  async function perform(each: Action): Promise<void> {
    switch (each.kind) {
      case 'push':
        await at.push(each.where, each.text, () => tell(each.where, each.text));
        return;
      case 'head': {
        const found = at.content.tellBlob(each.where, digestOf(each.text)) !== undefined;
        if (reliesOn(each.where, each.text)) expect(found, 'a blob that a client relies on').toBe(true);
        if (found) tell(each.where, each.text);
        return;
      }
      case 'put':
        for (const text of each.texts)
          if (reliesOn(each.where, text)) expect(has(each.where, text), 'a blob to be named').toBe(true);
        if (!each.texts.every((text) => has(each.where, text))) return;
        at.put(each.where, String(each.texts), each.texts);
        manifests.set(keyOf(each.where, each.texts), each);
        return;
      case 'remove':
        at.remove(each.where, String(each.texts));
        manifests.delete(keyOf(each.where, each.texts));
        return;
      case 'removeBlob':
        at.content.removeBlob(each.where, digestOf(each.text));
        told.delete(keyOf(each.where, each.text));
        for (const [key, { where, texts }] of manifests)
          if (where === each.where && texts.includes(each.text)) {
            at.remove(where, String(texts));
            manifests.delete(key);
          }
        return;
      case 'replaceRegistry': {
        const { registry } = each.where;
        at.deleteRegistry(registry);
        at.makeRegistry(registry);
        for (const map of [told, manifests])
          for (const [key, { where }] of map) if (where.registry === registry) map.delete(key);
        return;
      }
      case 'wait':
        return clock.advance(Math.floor(each.part * grace));
    }
  }

  async function round(clientActions: Action[][], turns: number | null): Promise<void> {
    let isOver = false;
    let isDown = false;
    const unlessExpected = (error: unknown) => {
      // Of a registry that was deleted under a push, and of a process that is gone.
      if (!isDown && !String(error).includes('FOREIGN KEY')) throw error;
    };
    const working = clientActions.map(async (actions) => {
      for (const each of actions) {
        await perform(each).catch(unlessExpected);
        await nextTurn();
      }
    });
    const collecting = (async () => {
      while (!isOver) {
        await at.collect().catch(unlessExpected);
        await nextTurn();
      }
    })();
    if (turns !== null) {
      for (let turn = 0; turn < turns; turn++) await nextTurn();
      isDown = true;
      at.kill();
    }
    await Promise.all(working);
    isOver = true;
    await collecting;
    if (isDown) at = await openStores();
  }

  async function checkAll(): Promise<void> {
    for (const { where, texts } of manifests.values()) {
      expect(at.content.manifest(where, digestOf(String(texts)))).toBeDefined();
      for (const text of texts) expect(has(where, text), 'a blob that a manifest names').toBe(true);
    }
    for (const text of contents)
      if (places.some((where) => has(where, text))) expect(await at.read(digestOf(text))).toBe(text);
  }

  test('no blob is lost that a manifest names or a client relies on, and all the rest is freed', async () => {
    const rounds = fc.array(fc.tuple(clients, crashAfter), { minLength: 1, maxLength: 3 });
    const property = fc.asyncProperty(rounds, async (rounds) => {
      told.clear();
      manifests.clear();
      for (const [clients, crashAfter] of rounds) {
        await round(clients, crashAfter);
        await checkAll();
      }
      for (const { where, texts } of manifests.values()) at.remove(where, String(texts));
      await clock.advance(2 * grace);
      await at.collect();
      expect(await filesOnDisk()).toBe(0);
      for (const registry of [hoge, other]) expect(at.content.storedBytes(registry)).toBe(0);
      expect(at.db.prepare('SELECT * FROM registry_suspects').all()).toEqual([]);
    });
    // What a failed run leaves behind would mislead a smaller one.
    await fc.assert(property, { numRuns: 150, endOnFailure: true });
  });
});
