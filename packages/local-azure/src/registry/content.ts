import type { Clock } from '../clock.ts';
import type { Database } from '../store/database.ts';
import { inTransaction } from '../store/transaction.ts';
import type { Digest, Repository, Tag } from './names.ts';

/**
 * What each repository holds: the rows that make blobs on disk, manifests and tags visible. All calls are
 * synchronous, so what one handler reads and writes without awaiting is not mixed with another's.
 */
export interface Content {
  /** The blob's size; undefined when the repository does not have it. */
  blobSize(place: Place, digest: Digest): number | undefined;
  addBlob(place: Place, digest: Digest, size: number): void;
  /** False when the repository did not have it. */
  removeBlob(place: Place, digest: Digest): boolean;
  isBlobReferenced(digest: Digest): boolean;

  manifest(place: Place, digest: Digest): StoredManifest | undefined;
  hasManifest(place: Place, digest: Digest): boolean;
  /** Stores the manifest and lets `tags` point to it, all at once. */
  putManifest(place: Place, manifest: NewManifest, tags: Tag[]): void;
  /** Removes the manifest and the tags that point to it. */
  removeManifest(place: Place, digest: Digest): boolean;
  referrers(place: Place, subject: Digest): StoredManifest[];

  tagged(place: Place, tag: Tag): Digest | undefined;
  removeTag(place: Place, tag: Tag): boolean;
  /** At most `limit` tags after `last`, in the order of their bytes. */
  tags(place: Place, last: string, limit: number): string[];

  hasRepository(place: Place): boolean;
  repositories(registry: string, last: string, limit: number): string[];
  /** The size of a registry's blobs; each counts once, in however many of its repositories it is. */
  storedBytes(registry: string): number;
  /** Forgets all that a registry held. */
  removeRegistry(registry: string): void;
}

/** A repository of a registry, which is named by its login server. */
export interface Place {
  registry: string;
  repository: Repository;
}

export interface StoredManifest {
  digest: Digest;
  mediaType: string;
  body: Buffer;
}

export interface NewManifest extends StoredManifest {
  subject?: Digest | undefined;
}

export function createContent(db: Database, clock: Clock): Content {
  const here = 'registry = ? AND repository = ?';
  const sql = {
    blob: db.prepare(`SELECT size FROM registry_blobs WHERE ${here} AND digest = ?`),
    addBlob: db.prepare('INSERT OR IGNORE INTO registry_blobs VALUES (?, ?, ?, ?, ?)'),
    removeBlob: db.prepare(`DELETE FROM registry_blobs WHERE ${here} AND digest = ?`),
    storedBytes: db.prepare(`
      SELECT COALESCE(SUM(size), 0) AS bytes
      FROM (SELECT DISTINCT digest, size FROM registry_blobs WHERE registry = ?)`),
    anyBlob: db.prepare('SELECT 1 FROM registry_blobs WHERE digest = ? LIMIT 1'),
    manifest: db.prepare(
      `SELECT digest, media_type AS mediaType, body FROM registry_manifests WHERE ${here} AND digest = ?`,
    ),
    hasManifest: db.prepare(`SELECT 1 FROM registry_manifests WHERE ${here} AND digest = ?`),
    addManifest: db.prepare(`
      INSERT INTO registry_manifests (registry, repository, digest, media_type, body, subject, created_on)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET media_type = excluded.media_type`),
    removeManifest: db.prepare(`DELETE FROM registry_manifests WHERE ${here} AND digest = ?`),
    referrers: db.prepare(`
      SELECT digest, media_type AS mediaType, body FROM registry_manifests
      WHERE ${here} AND subject = ? ORDER BY created_on, digest`),
    tag: db.prepare(`SELECT digest FROM registry_tags WHERE ${here} AND tag = ?`),
    setTag: db.prepare(`
      INSERT INTO registry_tags (registry, repository, tag, digest, created_on, changed_on) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET digest = excluded.digest, changed_on = excluded.changed_on`),
    removeTag: db.prepare(`DELETE FROM registry_tags WHERE ${here} AND tag = ?`),
    removeTagsOf: db.prepare(`DELETE FROM registry_tags WHERE ${here} AND digest = ?`),
    tags: db.prepare(`SELECT tag AS name FROM registry_tags WHERE ${here} AND tag > ? ORDER BY tag LIMIT ?`),
    hasRepository: db.prepare(`
      SELECT 1 WHERE EXISTS (SELECT 1 FROM registry_manifests WHERE registry = ?1 AND repository = ?2)
                  OR EXISTS (SELECT 1 FROM registry_blobs WHERE registry = ?1 AND repository = ?2)`),
    repositories: db.prepare(`
      SELECT DISTINCT repository AS name FROM registry_manifests
      WHERE registry = ? AND repository > ? ORDER BY repository LIMIT ?`),
    forget: ['registry_tags', 'registry_manifests', 'registry_blobs'].map((table) =>
      db.prepare(`DELETE FROM ${table} WHERE registry = ?`),
    ),
  };
  const names = (rows: unknown[]) => (rows as { name: string }[]).map(({ name }) => name);

  return {
    blobSize: ({ registry, repository }, digest) =>
      (sql.blob.get(registry, repository, digest) as { size: number } | undefined)?.size,
    addBlob: ({ registry, repository }, digest, size) => {
      sql.addBlob.run(registry, repository, digest, size, clock.now());
    },
    removeBlob: ({ registry, repository }, digest) =>
      sql.removeBlob.run(registry, repository, digest).changes > 0,
    isBlobReferenced: (digest) => sql.anyBlob.get(digest) !== undefined,

    manifest: ({ registry, repository }, digest) =>
      sql.manifest.get(registry, repository, digest) as StoredManifest | undefined,
    hasManifest: ({ registry, repository }, digest) =>
      sql.hasManifest.get(registry, repository, digest) !== undefined,
    putManifest: ({ registry, repository }, { digest, mediaType, body, subject }, tags) =>
      inTransaction(db, () => {
        const now = clock.now();
        sql.addManifest.run(registry, repository, digest, mediaType, body, subject ?? null, now);
        for (const tag of tags) sql.setTag.run(registry, repository, tag, digest, now, now);
      }),
    removeManifest: ({ registry, repository }, digest) =>
      inTransaction(db, () => {
        sql.removeTagsOf.run(registry, repository, digest);
        return sql.removeManifest.run(registry, repository, digest).changes > 0;
      }),
    // libsql's `all` gives a column of bytes as an ArrayBuffer, its `get` as a Buffer.
    referrers: ({ registry, repository }, subject) =>
      (sql.referrers.all(registry, repository, subject) as (StoredManifest & { body: ArrayBuffer })[]).map(
        (row) => ({
          ...row,
          body: Buffer.from(row.body),
        }),
      ),

    tagged: ({ registry, repository }, tag) =>
      (sql.tag.get(registry, repository, tag) as { digest: Digest } | undefined)?.digest,
    removeTag: ({ registry, repository }, tag) => sql.removeTag.run(registry, repository, tag).changes > 0,
    tags: ({ registry, repository }, last, limit) => names(sql.tags.all(registry, repository, last, limit)),

    hasRepository: ({ registry, repository }) => sql.hasRepository.get(registry, repository) !== undefined,
    repositories: (registry, last, limit) => names(sql.repositories.all(registry, last, limit)),
    storedBytes: (registry) => (sql.storedBytes.get(registry) as { bytes: number }).bytes,
    removeRegistry: (registry) =>
      inTransaction(db, () => {
        for (const statement of sql.forget) statement.run(registry);
      }),
  };
}
