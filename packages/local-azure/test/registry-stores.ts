import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Clock } from '../src/clock.ts';
import { append, createBlobStore } from '../src/registry/blob-store.ts';
import { createContent, type Place } from '../src/registry/content.ts';
import { createGarbageCollection } from '../src/registry/garbage.ts';
import type { Digest, Repository } from '../src/registry/names.ts';
import { type Database, openDatabase } from '../src/store/database.ts';
import { registryResource } from './registry-resource.ts';
import { sha256 } from './sha256.ts';

const never = new AbortController().signal;
export const digestOf = (text: string) => sha256(text) as Digest;
export const placeOf = (registry: string, repository: string): Place => ({
  registry,
  repository: repository as Repository,
});

/** What is kept of registries, and its garbage collection, without the HTTP before them. */
export type RegistryStores = Awaited<ReturnType<typeof openRegistryStores>>;

/**
 * The database as a process has it: from its `kill` on, nothing is read or written any more. A close alone leaves
 * libsql's prepared statements at work.
 */
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

/** As at a start on a folder; makes the registries that are not there yet. */
export async function openRegistryStores(
  folder: string,
  clock: Clock,
  graceMs: number,
  registries: string[],
) {
  const { db, kill } = mortal(openDatabase(join(folder, 'state.db')));
  const makeRegistry = (registry: string) => registryResource(db, registry).make();
  registries.forEach(makeRegistry);
  const content = createContent(db, clock, graceMs);
  const blobs = await createBlobStore(join(folder, 'blobs'));
  const garbage = createGarbageCollection({ db, blobs, clock, graceMs });

  return {
    db,
    /** Ends it as kill -9 would. */
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
    /** The names of all files on disk. */
    async files(): Promise<string[]> {
      const entries = await readdir(join(folder, 'blobs'), { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    },
    read: async (digest: Digest) => {
      const file = await blobs.open(digest);
      if (!file) return undefined;
      const text = await file.readFile('utf8');
      await file.close();
      return text;
    },
  };
}
