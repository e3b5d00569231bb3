import type { Repository } from '../names.ts';

/** A repository of a registry, which is named by its login server. */
export interface Place {
  registry: string;
  repository: Repository;
}

/** The rows of a place, in every statement: its first two parameters are the registry and the repository. */
export const here = 'registry = ?1 AND repository = ?2';

/** All tables whose rows are those of places. */
export const tables = ['registry_tags', 'registry_manifests', 'registry_blobs', 'registry_repositories'];
