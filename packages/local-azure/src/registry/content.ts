import type { Clock } from '../clock.ts';
import type { Database } from '../store/database.ts';
import { type Blobs, createBlobs } from './content/blobs.ts';
import { createManifests, type Manifests } from './content/manifests.ts';
import { createRepositories, type Repositories } from './content/repositories.ts';
import { createTags, type Tags } from './content/tags.ts';

export type { Place } from './content/place.ts';

/**
 * What each repository holds: the rows that make blobs on disk, manifests and tags visible. All calls are
 * synchronous, so what one handler reads and writes without awaiting is not mixed with another's.
 */
export type Content = Repositories & Manifests & Tags & Blobs;

/** `graceMs`: see `garbage.ts`. */
export function createContent(db: Database, clock: Clock, graceMs: number): Content {
  const repositories = createRepositories(db, clock);
  return {
    ...repositories,
    ...createManifests(db, clock, repositories),
    ...createTags(db, repositories),
    ...createBlobs(db, clock, graceMs),
  };
}
