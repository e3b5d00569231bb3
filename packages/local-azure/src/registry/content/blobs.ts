import type { Clock } from '../../clock.ts';
import type { Database } from '../../store/database.ts';
import type { Digest, Repository } from '../names.ts';
import { here, type Place } from './place.ts';

/** Which repository has which blob on disk. */
export interface Blobs {
  /** The blob's size; undefined when the repository does not have it. */
  blobSize(place: Place, digest: Digest): number | undefined;
  /** The same for a client, who may rely on the answer for as long as the grace period lasts. */
  tellBlob(place: Place, digest: Digest): number | undefined;
  /** Lets the repository have a blob, and the client know. */
  addBlob(place: Place, digest: Digest, size: number): void;
  /** False when the repository did not have it. */
  removeBlob(place: Place, digest: Digest): boolean;
  /** The registry's repositories that have the blob. */
  repositoriesWith(registry: string, digest: Digest): Repository[];
  /** The size of a registry's blobs; each counts once, in however many of its repositories it is. */
  storedBytes(registry: string): number;
}

export function createBlobs(db: Database, clock: Clock, graceMs: number): Blobs {
  // A client that reads a blob again and again is written down now and then.
  const toldAgainMs = graceMs / 60;
  const sql = {
    blob: db.prepare(`SELECT size, told_on AS toldOn FROM registry_blobs WHERE ${here} AND digest = ?3`),
    tell: db.prepare(`UPDATE registry_blobs SET told_on = ?4 WHERE ${here} AND digest = ?3`),
    suspect: db.prepare('INSERT OR IGNORE INTO registry_suspects VALUES (?)'),
    add: db.prepare(`
      INSERT INTO registry_blobs (registry, repository, digest, told_on, size) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET told_on = excluded.told_on`),
    remove: db.prepare(`DELETE FROM registry_blobs WHERE ${here} AND digest = ?3`),
    repositoriesWith: db.prepare('SELECT repository FROM registry_blobs WHERE registry = ? AND digest = ?'),
    storedBytes: db.prepare(`
      SELECT COALESCE(SUM(size), 0) AS bytes
      FROM (SELECT DISTINCT digest, size FROM registry_blobs WHERE registry = ?)`),
  };
  const blob = ({ registry, repository }: Place, digest: Digest) =>
    sql.blob.get(registry, repository, digest) as { size: number; toldOn: number } | undefined;
  return {
    blobSize: (place, digest) => blob(place, digest)?.size,
    tellBlob(place, digest) {
      const found = blob(place, digest);
      const now = clock.now();
      if (found && now - found.toldOn > toldAgainMs)
        sql.tell.run(place.registry, place.repository, digest, now);
      return found?.size;
    },
    addBlob({ registry, repository }, digest, size) {
      // First, since a registry that has been deleted does not take the blob, whose file is then nobody's.
      sql.suspect.run(digest);
      sql.add.run(registry, repository, digest, clock.now(), size);
    },
    removeBlob: ({ registry, repository }, digest) =>
      sql.remove.run(registry, repository, digest).changes > 0,
    repositoriesWith: (registry, digest) =>
      (sql.repositoriesWith.all(registry, digest) as { repository: Repository }[]).map(
        ({ repository }) => repository,
      ),
    storedBytes: (registry) => (sql.storedBytes.get(registry) as { bytes: number }).bytes,
  };
}
