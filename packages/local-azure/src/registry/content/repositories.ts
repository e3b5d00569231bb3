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
import { here, type Place, tables } from './place.ts';

/**
 * A repository is there from its first manifest to its last.
 * Source: MicrosoftDocs container-registry-manage-artifact.md, "View the remaining manifests".
 */
export interface Repositories {
  repository(place: Place): RepositoryProperties | undefined;
  hasRepository(place: Place): boolean;
  /** Undefined when the repository is not there. */
  repositoryAttributes(place: Place): ChangeableAttributes | undefined;
  /** The names of those that may be listed, after `last`, at most `limit`. */
  repositories(registry: string, last: string, limit: number): string[];
  updateRepository(place: Place, changes: AttributeChanges): void;
  /** Whether it holds a manifest or a tag that may not be deleted. */
  holdsLocked(place: Place): boolean;
  /** Removes it with all that it holds. */
  removeRepository(place: Place): { manifests: { digest: Digest; mediaType: string }[]; tags: Tag[] };
}

/** Times are in milliseconds since the Unix epoch. */
export interface RepositoryProperties {
  createdOn: number;
  /** When something was last pushed to it or deleted from it. */
  changedOn: number;
  manifestCount: number;
  tagCount: number;
  changeableAttributes: ChangeableAttributes;
}

/** What becomes of a repository when manifests and tags come and go; inside of the transaction that they do it in. */
export interface RepositoryRows {
  grown(place: Place): void;
  shrunk(place: Place): void;
}

export function createRepositories(db: Database, clock: Clock): Repositories & RepositoryRows {
  const count = (table: string) => `(SELECT COUNT(*) FROM ${table} WHERE ${here})`;
  const sql = {
    select: db.prepare(`
      SELECT created_on AS createdOn, changed_on AS changedOn, ${count('registry_manifests')} AS manifestCount,
        ${count('registry_tags')} AS tagCount, ${attributeColumns}
      FROM registry_repositories WHERE ${here}`),
    attributes: db.prepare(`SELECT ${attributeColumns} FROM registry_repositories WHERE ${here}`),
    list: db.prepare(`
      SELECT repository AS name FROM registry_repositories
      WHERE registry = ? AND repository > ? AND list_enabled ORDER BY repository LIMIT ?`),
    update: db.prepare(`UPDATE registry_repositories SET ${setAttributes} WHERE ${here}`),
    holdsLocked: db.prepare(`
      SELECT 1 WHERE EXISTS (SELECT 1 FROM registry_manifests WHERE ${here} AND ${isLocked})
                  OR EXISTS (SELECT 1 FROM registry_tags WHERE ${here} AND ${isLocked})`),
    upsert: db.prepare(`
      INSERT INTO registry_repositories (registry, repository, created_on, changed_on) VALUES (?1, ?2, ?3, ?3)
      ON CONFLICT DO UPDATE SET changed_on = excluded.changed_on`),
    change: db.prepare(`UPDATE registry_repositories SET changed_on = ?3 WHERE ${here}`),
    dropEmpty: db.prepare(`
      DELETE FROM registry_repositories
      WHERE ${here} AND NOT EXISTS (SELECT 1 FROM registry_manifests WHERE ${here})`),
    manifests: db.prepare(`
      SELECT digest, media_type AS mediaType FROM registry_manifests WHERE ${here} ORDER BY digest`),
    tagNames: db.prepare(`SELECT tag AS name FROM registry_tags WHERE ${here} ORDER BY tag`),
    removeAll: tables.map((table) => db.prepare(`DELETE FROM ${table} WHERE ${here}`)),
  };

  return {
    repository({ registry, repository }) {
      const row = sql.select.get(registry, repository) as RowOf<RepositoryProperties> | undefined;
      return row && withAttributes(row);
    },
    hasRepository: ({ registry, repository }) => sql.attributes.get(registry, repository) !== undefined,
    repositoryAttributes({ registry, repository }) {
      const row = sql.attributes.get(registry, repository) as AttributeRow | undefined;
      return row && withAttributes(row).changeableAttributes;
    },
    repositories: (registry, last, limit) => namesOf(sql.list.all(registry, last, limit)),
    updateRepository({ registry, repository }, changes) {
      sql.update.run(registry, repository, ...changeValues(changes));
    },
    holdsLocked: ({ registry, repository }) => sql.holdsLocked.get(registry, repository) !== undefined,
    removeRepository: ({ registry, repository }) =>
      inTransaction(db, () => {
        const removed = {
          manifests: sql.manifests.all(registry, repository) as { digest: Digest; mediaType: string }[],
          tags: namesOf<Tag>(sql.tagNames.all(registry, repository)),
        };
        for (const statement of sql.removeAll) statement.run(registry, repository);
        return removed;
      }),

    grown({ registry, repository }) {
      sql.upsert.run(registry, repository, clock.now());
    },
    shrunk({ registry, repository }) {
      sql.change.run(registry, repository, clock.now());
      sql.dropEmpty.run(registry, repository);
    },
  };
}

const namesOf = <Name = string>(rows: unknown[]) => (rows as { name: Name }[]).map(({ name }) => name);
