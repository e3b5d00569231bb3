import type { Clock } from '../../clock.ts';
import type { Database } from '../../store/database.ts';
import { inTransaction } from '../../store/transaction.ts';
import type { AttributeChanges, ChangeableAttributes } from '../changeable-attributes.ts';
import type { Digest, Tag } from '../names.ts';
import {
  type AttributeRow,
  attributeColumns,
  changeValues,
  isLocked,
  type RowOf,
  setAttributes,
  withAttributes,
} from './attributes.ts';
import { type Listing, prepareLists } from './listing.ts';
import { here, type Place } from './place.ts';
import type { RepositoryRows } from './repositories.ts';
import { byDigest } from './tags.ts';

export interface Manifests {
  manifest(place: Place, digest: Digest): StoredManifest | undefined;
  manifestProperties(place: Place, digest: Digest): ManifestProperties | undefined;
  /** Those that may be listed. */
  manifests(place: Place, listing: Listing): ManifestProperties[];
  /** Bytes of the manifest and of all that it names; undefined when the repository does not have it. */
  imageSize(place: Place, digest: Digest): number | undefined;
  /** Undefined when the repository does not have the manifest. */
  manifestAttributes(place: Place, digest: Digest): ChangeableAttributes | undefined;
  /** Those whose subject is this digest. */
  referrers(place: Place, subject: Digest): StoredManifest[];
  /** Stores the manifest and lets `tags` point to it, all at once. */
  putManifest(place: Place, manifest: NewManifest, tags: Tag[]): void;
  updateManifest(place: Place, digest: Digest, changes: AttributeChanges): void;
  /** Whether something that would go with the manifest may not be deleted. */
  isManifestLocked(place: Place, digest: Digest): boolean;
  /**
   * Removes the manifest, all that refer to it as their subject, and the tags that point to any of them. False when the
   * repository did not have it. Source: MicrosoftDocs container-registry-manage-artifact.md, "Delete all artifacts in
   * the graph".
   */
  removeManifest(place: Place, digest: Digest): boolean;
}

export interface StoredManifest {
  digest: Digest;
  mediaType: string;
  body: Buffer;
  changeableAttributes: ChangeableAttributes;
}

export interface NewManifest {
  digest: Digest;
  mediaType: string;
  body: Buffer;
  imageSize: number;
  /** All that it names: the repository keeps them for as long as it has the manifest. */
  blobs: readonly Digest[];
  subject?: Digest | undefined;
  configMediaType?: string | undefined;
  architecture?: string | undefined;
  os?: string | undefined;
}

/** What is told of a manifest without its body. Times are in milliseconds since the Unix epoch. */
export interface ManifestProperties {
  digest: Digest;
  mediaType: string;
  imageSize: number;
  configMediaType: string | null;
  architecture: string | null;
  os: string | null;
  createdOn: number;
  changedOn: number;
  /** Those that may be listed. */
  tags: Tag[];
  changeableAttributes: ChangeableAttributes;
}

// A manifest, what refers to it, what refers to that, and so on. CROSS JOIN lets SQLite go from subject to referrer.
const withGraph = `
  WITH RECURSIVE graph (digest) AS (
    SELECT digest FROM registry_manifests WHERE ${here} AND digest = ?3
    UNION
    SELECT referrer.digest FROM graph CROSS JOIN registry_manifests AS referrer ON referrer.subject = graph.digest
    WHERE ${here}
  )`;
const inGraph = `${here} AND digest IN (SELECT digest FROM graph)`;

export function createManifests(db: Database, clock: Clock, repositories: RepositoryRows): Manifests {
  const stored = `
    SELECT digest, media_type AS mediaType, body, ${attributeColumns} FROM registry_manifests WHERE ${here}`;
  const properties = `
    SELECT digest, media_type AS mediaType, image_size AS imageSize, config_media_type AS configMediaType,
      architecture, os, created_on AS createdOn, changed_on AS changedOn, ${attributeColumns},
      (SELECT json_group_array(tag) FROM (
        SELECT tag FROM registry_tags ${byDigest}
        WHERE ${here} AND digest = registry_manifests.digest AND list_enabled
        ORDER BY tag)) AS tags
    FROM registry_manifests WHERE ${here}`;
  const sql = {
    stored: db.prepare(`${stored} AND digest = ?3`),
    properties: db.prepare(`${properties} AND digest = ?3`),
    list: prepareLists(db, properties, 'registry_manifests', 'digest'),
    imageSize: db.prepare(
      `SELECT image_size AS imageSize FROM registry_manifests WHERE ${here} AND digest = ?3`,
    ),
    attributes: db.prepare(
      `SELECT ${attributeColumns} FROM registry_manifests WHERE ${here} AND digest = ?3`,
    ),
    referrers: db.prepare(`${stored} AND subject = ?3 ORDER BY created_on, digest`),
    put: db.prepare(`
      INSERT INTO registry_manifests (registry, repository, digest, media_type, subject, created_on, changed_on,
        image_size, architecture, os, config_media_type, body)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8, ?9, ?10, ?11)
      ON CONFLICT DO UPDATE SET media_type = excluded.media_type, changed_on = excluded.changed_on`),
    nameBlobs: db.prepare(`
      INSERT OR IGNORE INTO registry_manifest_blobs (registry, repository, manifest, blob)
      SELECT ?1, ?2, ?3, value FROM json_each(?4)`),
    putTag: db.prepare(`
      INSERT INTO registry_tags (registry, repository, tag, digest, created_on, changed_on)
      VALUES (?1, ?2, ?3, ?4, ?5, ?5)
      ON CONFLICT DO UPDATE SET digest = excluded.digest, changed_on = excluded.changed_on`),
    update: db.prepare(`UPDATE registry_manifests SET ${setAttributes} WHERE ${here} AND digest = ?7`),
    isLocked: db.prepare(`
      ${withGraph} SELECT 1 WHERE EXISTS (SELECT 1 FROM registry_manifests WHERE ${inGraph} AND ${isLocked})
                               OR EXISTS (SELECT 1 FROM registry_tags ${byDigest} WHERE ${inGraph} AND ${isLocked})`),
    removeTags: db.prepare(`${withGraph} DELETE FROM registry_tags WHERE ${inGraph}`),
    remove: db.prepare(`${withGraph} DELETE FROM registry_manifests WHERE ${inGraph}`),
  };
  const toProperties = (row: PropertiesRow): ManifestProperties => ({
    ...withAttributes(row),
    tags: JSON.parse(row.tags),
  });

  return {
    manifest({ registry, repository }, digest) {
      const row = sql.stored.get(registry, repository, digest) as RowOf<StoredManifest> | undefined;
      return row && withAttributes(row);
    },
    manifestProperties({ registry, repository }, digest) {
      const row = sql.properties.get(registry, repository, digest) as PropertiesRow | undefined;
      return row && toProperties(row);
    },
    manifests: ({ registry, repository }, { last, limit, orderby }) =>
      (sql.list[orderby].all(registry, repository, last, limit) as PropertiesRow[]).map(toProperties),
    imageSize: ({ registry, repository }, digest) =>
      (sql.imageSize.get(registry, repository, digest) as { imageSize: number } | undefined)?.imageSize,
    manifestAttributes({ registry, repository }, digest) {
      const row = sql.attributes.get(registry, repository, digest) as AttributeRow | undefined;
      return row && withAttributes(row).changeableAttributes;
    },
    // libsql's `all` gives a column of bytes as an ArrayBuffer, its `get` as a Buffer.
    referrers: ({ registry, repository }, subject) =>
      (sql.referrers.all(registry, repository, subject) as RowOf<StoredManifest>[]).map((row) =>
        withAttributes({ ...row, body: Buffer.from(row.body) }),
      ),
    putManifest: (place, manifest, tags) =>
      inTransaction(db, () => {
        const { registry, repository } = place;
        const { digest, mediaType, subject, imageSize, architecture, os, configMediaType, body, blobs } =
          manifest;
        const now = clock.now();
        const facts = [imageSize, architecture ?? null, os ?? null, configMediaType ?? null];
        sql.put.run(registry, repository, digest, mediaType, subject ?? null, now, ...facts, body);
        sql.nameBlobs.run(registry, repository, digest, JSON.stringify(blobs));
        for (const tag of tags) sql.putTag.run(registry, repository, tag, digest, now);
        repositories.grown(place);
      }),
    updateManifest({ registry, repository }, digest, changes) {
      sql.update.run(registry, repository, ...changeValues(changes), digest);
    },
    isManifestLocked: ({ registry, repository }, digest) =>
      sql.isLocked.get(registry, repository, digest) !== undefined,
    removeManifest: (place, digest) =>
      inTransaction(db, () => {
        const { registry, repository } = place;
        sql.removeTags.run(registry, repository, digest);
        const removed = sql.remove.run(registry, repository, digest).changes > 0;
        if (removed) repositories.shrunk(place);
        return removed;
      }),
  };
}

/** Its tags are a JSON array. */
type PropertiesRow = RowOf<Omit<ManifestProperties, 'tags'>> & { tags: string };
