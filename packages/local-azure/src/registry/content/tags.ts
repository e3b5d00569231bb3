import type { Database } from '../../store/database.ts';
import { inTransaction } from '../../store/transaction.ts';
import type { AttributeChanges, ChangeableAttributes } from '../changeable-attributes.ts';
import type { Digest, Tag } from '../names.ts';
import { attributeColumns, changeValues, type RowOf, setAttributes, withAttributes } from './attributes.ts';
import { type Listing, prepareLists } from './listing.ts';
import { here, type Place } from './place.ts';
import type { RepositoryRows } from './repositories.ts';

export interface Tags {
  tag(place: Place, tag: Tag): TagProperties | undefined;
  /** Those that may be listed; with a digest, those that point to it. */
  tags(place: Place, listing: Listing, digest?: Digest): TagProperties[];
  updateTag(place: Place, tag: Tag, changes: AttributeChanges): void;
  removeTag(place: Place, tag: Tag): boolean;
}

/** Times are in milliseconds since the Unix epoch. */
export interface TagProperties {
  name: Tag;
  digest: Digest;
  createdOn: number;
  changedOn: number;
  changeableAttributes: ChangeableAttributes;
}

/** Without this, SQLite reads all tags of the repository. */
export const byDigest = 'INDEXED BY registry_tags_by_digest';

export function createTags(db: Database, repositories: RepositoryRows): Tags {
  const columns = `tag AS name, digest, created_on AS createdOn, changed_on AS changedOn, ${attributeColumns}`;
  const select = `SELECT ${columns} FROM registry_tags WHERE ${here}`;
  const selectOfDigest = `SELECT ${columns} FROM registry_tags ${byDigest} WHERE ${here} AND digest = ?5`;
  const sql = {
    tag: db.prepare(`${select} AND tag = ?3`),
    list: prepareLists(db, select, 'registry_tags', 'tag'),
    listOfDigest: prepareLists(db, selectOfDigest, 'registry_tags', 'tag'),
    update: db.prepare(`UPDATE registry_tags SET ${setAttributes} WHERE ${here} AND tag = ?7`),
    remove: db.prepare(`DELETE FROM registry_tags WHERE ${here} AND tag = ?3`),
  };
  return {
    tag({ registry, repository }, tag) {
      const row = sql.tag.get(registry, repository, tag) as RowOf<TagProperties> | undefined;
      return row && withAttributes(row);
    },
    tags({ registry, repository }, { last, limit, orderby }, digest) {
      const page = [registry, repository, last, limit];
      const rows = digest ? sql.listOfDigest[orderby].all(...page, digest) : sql.list[orderby].all(...page);
      return (rows as RowOf<TagProperties>[]).map(withAttributes);
    },
    updateTag({ registry, repository }, tag, changes) {
      sql.update.run(registry, repository, ...changeValues(changes), tag);
    },
    removeTag: (place, tag) =>
      inTransaction(db, () => {
        const removed = sql.remove.run(place.registry, place.repository, tag).changes > 0;
        if (removed) repositories.shrunk(place);
        return removed;
      }),
  };
}
