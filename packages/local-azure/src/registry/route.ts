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
  | { kind: 'referrers'; repository: Repository; digest: Digest };

export type Reference = { tag: Tag; digest?: never } | { digest: Digest; tag?: never };

/** The route of a request's path (without the query). Throws what the registry answers to a path it has not. */
export function parseRoute(path: string): Route {
  switch (path) {
    case '/v2/':
    case '/v2':
      return { kind: 'base' };
    case '/v2/_catalog':
      return { kind: 'catalog' };
    case '/oauth2/exchange':
      return { kind: 'exchange' };
    case '/oauth2/token':
      return { kind: 'token' };
  }
  if (!path.startsWith('/v2/')) throw notFound();
  return parseRepositoryRoute(decode(path.slice('/v2/'.length)).split('/'));
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
      return { kind: 'blob', repository: nameEndingBefore(2), digest: digest(last) };
    case 'manifests':
      return { kind: 'manifest', repository: nameEndingBefore(2), reference: parseReference(last) };
    case 'referrers':
      return { kind: 'referrers', repository: nameEndingBefore(2), digest: digest(last) };
    case 'tags':
      if (last === 'list') return { kind: 'tags', repository: nameEndingBefore(2) };
  }
  throw notFound();
}

/** A tag or a digest; what has a colon can only be meant as a digest. */
function parseReference(text: string): Reference {
  if (text.includes(':')) return { digest: digest(text) };
  const tag = parseTag(text);
  if (!tag) throw tagInvalid(text);
  return { tag };
}

function repository(text: string): Repository {
  const name = parseRepository(text);
  if (!name) throw nameInvalid(text);
  return name;
}

function digest(text: string): Digest {
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
