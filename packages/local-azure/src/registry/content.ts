import type { Clock } from '../clock.ts';
import type { Database } from '../store/database.ts';
import { inTransaction } from '../store/transaction.ts';
import { type Blobs, createBlobs } from './content/blobs.ts';
import { createManifests, type Manifests } from './content/manifests.ts';
import { tables } from './content/place.ts';
import { createRepositories, type Repositories } from './content/repositories.ts';
import { createTags, type Tags } from './content/tags.ts';

export type { Place } from './content/place.ts';

/**
 * What each repository holds: the rows that make blobs on disk, manifests and tags visible. All calls are
 * synchronous, so what one handler reads and writes without awaiting is not mixed with another's.
 */
export interface Content extends Repositories, Manifests, Tags, Blobs {
  /** Forgets all that a registry held. */
  removeRegistry(registry: string): void;
}

export function createContent(db: Database, clock: Clock): Content {
  const repositories = createRepositories(db, clock);
  const forget = tables.map((table) => db.prepare(`DELETE FROM ${table} WHERE registry = ?`));
  return {
    ...repositories,
    ...createManifests(db, clock, repositories),
    ...createTags(db, repositories),
    ...createBlobs(db, clock),
    removeRegistry: (registry) =>
      inTransaction(db, () => {
        for (const statement of forget) statement.run(registry);
      }),
  };
}
