import type { Clock } from '../../clock.ts';
import type { Database } from '../../store/database.ts';
import type { Digest } from '../names.ts';
import { here, type Place } from './place.ts';

/** Which repository has which blob on disk. */
export interface Blobs {
  /** The blob's size; undefined when the repository does not have it. */
  blobSize(place: Place, digest: Digest): number | undefined;
  addBlob(place: Place, digest: Digest, size: number): void;
  /** False when the repository did not have it. */
  removeBlob(place: Place, digest: Digest): boolean;
  isBlobReferenced(digest: Digest): boolean;
  /** The size of a registry's blobs; each counts once, in however many of its repositories it is. */
  storedBytes(registry: string): number;
}

export function createBlobs(db: Database, clock: Clock): Blobs {
  const sql = {
    size: db.prepare(`SELECT size FROM registry_blobs WHERE ${here} AND digest = ?3`),
    add: db.prepare('INSERT OR IGNORE INTO registry_blobs VALUES (?, ?, ?, ?, ?)'),
    remove: db.prepare(`DELETE FROM registry_blobs WHERE ${here} AND digest = ?3`),
    any: db.prepare('SELECT 1 FROM registry_blobs WHERE digest = ? LIMIT 1'),
    storedBytes: db.prepare(`
      SELECT COALESCE(SUM(size), 0) AS bytes
      FROM (SELECT DISTINCT digest, size FROM registry_blobs WHERE registry = ?)`),
  };
  return {
    blobSize: ({ registry, repository }, digest) =>
      (sql.size.get(registry, repository, digest) as { size: number } | undefined)?.size,
    addBlob: ({ registry, repository }, digest, size) => {
      sql.add.run(registry, repository, digest, size, clock.now());
    },
    removeBlob: ({ registry, repository }, digest) =>
      sql.remove.run(registry, repository, digest).changes > 0,
    isBlobReferenced: (digest) => sql.any.get(digest) !== undefined,
    storedBytes: (registry) => (sql.storedBytes.get(registry) as { bytes: number }).bytes,
  };
}
