import { digestInvalid, nameInvalid, notFound, tagInvalid } from './errors.ts';
import { type Digest, parseDigest, parseRepository, parseTag, type Repository, type Tag } from './names.ts';

/** Where a request goes: its path, parsed once. */
export type Route =
  | { kind: 'base' }
  | { kind: 'catalog' }
  | { kind: 'exchange' }
  | { kind: 'token' }
  | { kind: 'tags'; repository: Repository }
  | { kind: 'manifest'; repository: Repository; reference: Reference }
  | { kind: 'blob'; repository: Repository; digest: Digest }
  | { kind: 'uploads'; repository: Repository }
  | { kind: 'upload'; repository: Repository; session: string }
  | { kind: 'referrers'; repository: Repository; digest: Digest }
  | { kind: 'acrCatalog' }
  | { kind: 'acrRepository'; repository: Repository }
  | { kind: 'acrTags'; repository: Repository }
  | { kind: 'acrTag'; repository: Repository; tag: Tag }
  | { kind: 'acrManifests'; repository: Repository }
  | { kind: 'acrManifest'; repository: Repository; digest: Digest };

export type Reference = { tag: Tag; digest?: never } | { digest: Digest; tag?: never };

/** The route of a request's path (without the query). Throws what the registry answers to a path it has not. */
export function parseRoute(path: string): Route {
  switch (path) {
    case '/v2/':
    case '/v2':
      return { kind: 'base' };
    case '/v2/_catalog':
      return { kind: 'catalog' };
    case '/acr/v1/_catalog':
      return { kind: 'acrCatalog' };
    case '/oauth2/exchange':
      return { kind: 'exchange' };
    case '/oauth2/token':
      return { kind: 'token' };
  }
  if (path.startsWith('/v2/')) return parseRepositoryRoute(decode(path.slice('/v2/'.length)).split('/'));
  if (path.startsWith('/acr/v1/')) return parseAcrRoute(decode(path.slice('/acr/v1/'.length)).split('/'));
  throw notFound();
}

// A repository's name may itself hold `manifests` or `blobs`, so the path is read from its end.
function parseRepositoryRoute(segments: string[]): Route {
  const last = segments.at(-1)!;
  const nameEndingBefore = (count: number) => repository(segments.slice(0, -count).join('/'));

  if (segments.at(-3) === 'blobs' && segments.at(-2) === 'uploads') {
    const name = nameEndingBefore(3);
    return last === ''
      ? { kind: 'uploads', repository: name }
      : { kind: 'upload', repository: name, session: last };
  }
  if (segments.at(-2) === 'blobs' && last === 'uploads') {
    return { kind: 'uploads', repository: nameEndingBefore(2) };
  }
  switch (segments.at(-2)) {
    case 'blobs':
      return { kind: 'blob', repository: nameEndingBefore(2), digest: requireDigest(last) };
    case 'manifests':
      return { kind: 'manifest', repository: nameEndingBefore(2), reference: parseReference(last) };
    case 'referrers':
      return { kind: 'referrers', repository: nameEndingBefore(2), digest: requireDigest(last) };
    case 'tags':
      if (last === 'list') return { kind: 'tags', repository: nameEndingBefore(2) };
  }
  throw notFound();
}

/**
 * ACR's own API knows no path with a bad name in it. Sources: Azure/acr issue 73; azure-sdk-for-python recording of
 * test_get_tag_properties_does_not_exist.
 */
function parseAcrRoute(segments: string[]): Route {
  const last = segments.at(-1)!;
  const nameEndingBefore = (count: number) =>
    known(parseRepository(segments.slice(0, segments.length - count).join('/')));

  switch (segments.at(-2)) {
    case '_tags':
      return { kind: 'acrTag', repository: nameEndingBefore(2), tag: known(parseTag(last)) };
    case '_manifests':
      return { kind: 'acrManifest', repository: nameEndingBefore(2), digest: known(parseDigest(last)) };
  }
  switch (last) {
    case '_tags':
      return { kind: 'acrTags', repository: nameEndingBefore(1) };
    case '_manifests':
      return { kind: 'acrManifests', repository: nameEndingBefore(1) };
  }
  return { kind: 'acrRepository', repository: nameEndingBefore(0) };
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw notFound();
  return value;
}

/** A tag or a digest; what has a colon can only be meant as a digest. */
function parseReference(text: string): Reference {
  if (text.includes(':')) return { digest: requireDigest(text) };
  const tag = parseTag(text);
  if (!tag) throw tagInvalid(text);
  return { tag };
}

function repository(text: string): Repository {
  const name = parseRepository(text);
  if (!name) throw nameInvalid(text);
  return name;
}

/** Throws what the registry answers to what is no digest. */
export function requireDigest(text: string): Digest {
  const value = parseDigest(text);
  if (!value) throw digestInvalid(`invalid digest "${text}"`);
  return value;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw nameInvalid(text);
  }
}
