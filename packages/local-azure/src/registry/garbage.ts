import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { Database } from '../store/database.ts';
import type { BlobStore } from './blob-store.ts';
import type { Digest } from './names.ts';

/**
 * How long a repository keeps a blob that none of its manifests names, after a client was last told that it is there:
 * by a push, a mount, a HEAD or a GET. The client may push the manifest only when all else is uploaded; an hour is
 * enough for the largest images, and nearly as long as its token lives. ACR frees the space some time later, too.
 * Source: MicrosoftDocs/azure-management-docs container-registry-delete.md.
 */
export const defaultGraceMs = 60 * 60 * 1000;

export interface GarbageCollection {
  /** Frees what nobody needs, one blob at a time between other work. After an abort the rest is left for later. */
  collect(signal: AbortSignal): Promise<void>;
}

export interface GarbageOptions {
  db: Database;
  blobs: BlobStore;
  clock: Clock;
  graceMs: number;
}

/**
 * Frees blobs in two steps: a repository lets go of those that it needs no more, then those that no repository has
 * lose their file. Only suspects are looked at, which `registry_suspects` has: blobs that came, and by triggers those
 * that lost a manifest or a repository, whatever took it from them.
 */
export function createGarbageCollection({ db, blobs, clock, graceMs }: GarbageOptions): GarbageCollection {
  const isNamed = `EXISTS (
    SELECT 1 FROM registry_manifest_blobs AS named
    WHERE named.registry = registry_blobs.registry
      AND named.repository = registry_blobs.repository
      AND named.blob = registry_blobs.digest)`;
  const sql = {
    suspectAfter: db.prepare('SELECT digest FROM registry_suspects WHERE digest > ? ORDER BY digest LIMIT 1'),
    suspect: db.prepare('INSERT OR IGNORE INTO registry_suspects VALUES (?)'),
    clear: db.prepare('DELETE FROM registry_suspects WHERE digest = ?'),
    letGo: db.prepare(`DELETE FROM registry_blobs WHERE digest = ? AND told_on <= ? AND NOT ${isNamed}`),
    left: db.prepare(`
      SELECT COUNT(*) AS repositories, COUNT(*) FILTER (WHERE NOT ${isNamed}) AS unnamed
      FROM registry_blobs WHERE digest = ?`),
  };
  const left = (digest: Digest) => sql.left.get(digest) as { repositories: number; unnamed: number };

  const review = (digest: Digest) =>
    blobs.exclusively(digest, async () => {
      sql.letGo.run(digest, clock.now() - graceMs);
      const { repositories, unnamed } = left(digest);
      if (repositories === 0) await blobs.remove(digest);
      if (unnamed === 0) sql.clear.run(digest);
    });

  /** What an end between a commit's two steps has left: files that no repository has had. */
  let haveStraysBeenSought = false;
  async function suspectStrays(signal: AbortSignal): Promise<void> {
    for await (const digest of blobs.list()) {
      if (signal.aborted) return;
      if (left(digest).repositories === 0) sql.suspect.run(digest);
    }
    haveStraysBeenSought = true;
  }

  return {
    async collect(signal) {
      if (!haveStraysBeenSought) await suspectStrays(signal);
      let last = '';
      while (!signal.aborted) {
        const next = sql.suspectAfter.get(last) as { digest: Digest } | undefined;
        if (!next) return;
        await review(next.digest);
        last = next.digest;
        await nextTurn();
      }
    },
  };
}
