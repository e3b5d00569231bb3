import type { Attribute, ChangeableAttributes } from './changeable-attributes.ts';
import type { Content, Place } from './content.ts';
import { operationDisallowed } from './errors.ts';
import type { Digest, Tag } from './names.ts';

/** Refuses what an attribute switches off. What is not there yet has none, and switches nothing off. */
export function requireEnabled(attributes: ChangeableAttributes | undefined, attribute: Attribute): void {
  if (attributes?.[attribute] === false) throw operationDisallowed();
}

/** A push writes the repository, the manifest and the tags. */
export function requirePushable(content: Content, place: Place, digest: Digest, tags: Tag[]): void {
  requireEnabled(content.repositoryAttributes(place), 'writeEnabled');
  requireEnabled(content.manifestAttributes(place, digest), 'writeEnabled');
  for (const tag of tags) requireEnabled(content.tag(place, tag)?.changeableAttributes, 'writeEnabled');
}

export function requireTagDeletable(content: Content, place: Place, tag: Tag): void {
  requireDeletable(content.tag(place, tag)?.changeableAttributes);
}

/** A manifest takes its tags along, and what refers to it: each of them must allow it. */
export function requireManifestDeletable(content: Content, place: Place, digest: Digest): void {
  if (content.isManifestLocked(place, digest)) throw operationDisallowed();
}

/** Any lock in the repository holds it. Source: SupportArticles-docs delete-operation-issues.md, "Issue 4". */
export function requireRepositoryDeletable(content: Content, place: Place): void {
  requireDeletable(content.repositoryAttributes(place));
  if (content.holdsLocked(place)) throw operationDisallowed();
}

function requireDeletable(attributes: ChangeableAttributes | undefined): void {
  requireEnabled(attributes, 'deleteEnabled');
  requireEnabled(attributes, 'writeEnabled');
}
