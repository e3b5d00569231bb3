/** Repository names, tags and digests, as values that have been parsed. */

declare const brand: unique symbol;
export type Repository = string & { [brand]: 'Repository' };
export type Tag = string & { [brand]: 'Tag' };
/** `sha256:…` or `sha512:…`, lower-case hexadecimal. */
export type Digest = string & { [brand]: 'Digest' };
export type Algorithm = 'sha256' | 'sha512';

// Source: opencontainers/distribution-spec spec.md, "Pulling manifests".
const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const repositoryPattern = new RegExp(`^${component}(?:/${component})*$`);
const tagPattern = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
// Source: opencontainers/image-spec descriptor.md, "Registered algorithms".
const digestPattern = /^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/;
/** Clients limit host, slash and name to 255 characters together. */
const repositoryLength = 255;

export const parseRepository = (text: string): Repository | undefined =>
  text.length <= repositoryLength && repositoryPattern.test(text) ? (text as Repository) : undefined;

export const parseTag = (text: string): Tag | undefined =>
  tagPattern.test(text) ? (text as Tag) : undefined;

export const parseDigest = (text: string): Digest | undefined =>
  digestPattern.test(text) ? (text as Digest) : undefined;

export const parseAlgorithm = (text: string): Algorithm | undefined =>
  text === 'sha256' || text === 'sha512' ? text : undefined;

export const algorithmOf = (digest: Digest): Algorithm => digest.slice(0, 6) as Algorithm;

export const encodedOf = (digest: Digest): string => digest.slice(7);
