import { ExpectedError } from '../expected-error.ts';

/**
 * An image as Docker names it. Grammar: github.com/distribution/reference, reference.go.
 */
export interface ImageReference {
  /** As written, such as `hoge.azurecr.io/app:0.1.0`. */
  text: string;
  /** `hoge.azurecr.io`, with its port if one was written; `docker.io` when none was. */
  host: string;
  /** `app`, or `library/nginx` for a bare name at Docker Hub. */
  repository: string;
  /** `latest` when neither a tag nor a digest was written. */
  tag?: string;
  digest?: string;
}

/** The reference does not parse; `message` is Docker's. */
export class InvalidReference extends ExpectedError {}

const hostLabel = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const hostPattern = new RegExp(`^(?:${hostLabel}(?:\\.${hostLabel})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);
const pathPattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})$/;
const maxNameLength = 255;

/** Parses strictly; throws {@link InvalidReference}. */
export function parseImageReference(text: string): ImageReference {
  const [beforeDigest = '', digest, ...more] = text.split('@');
  if (more.length > 0 || (digest !== undefined && !digestPattern.test(digest))) throw invalid();

  // A colon after the last slash begins the tag; one before it belongs to the host's port.
  const colon = beforeDigest.indexOf(':', beforeDigest.lastIndexOf('/') + 1);
  const name = colon === -1 ? beforeDigest : beforeDigest.slice(0, colon);
  const tag = colon === -1 ? undefined : beforeDigest.slice(colon + 1);
  if (tag !== undefined && !tagPattern.test(tag)) throw invalid();

  const { host, path } = splitName(name);
  if (!hostPattern.test(host)) throw invalid();
  if (!pathPattern.test(path))
    throw invalid(pathPattern.test(path.toLowerCase()) ? 'repository name must be lowercase' : '');
  if (path.length > maxNameLength)
    throw invalid(`repository name must not be more than ${maxNameLength} characters`);

  const repository = host === 'docker.io' && !path.includes('/') ? `library/${path}` : path;
  const named = tag ?? (digest === undefined ? 'latest' : undefined);
  return {
    text,
    host: host.toLowerCase(),
    repository,
    ...(named === undefined ? {} : { tag: named }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** The first part is a host when it cannot be a part of a path: it has a dot or a port, or is `localhost`. */
function splitName(name: string): { host: string; path: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isHost = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  return slash > 0 && isHost
    ? { host: first, path: name.slice(slash + 1) }
    : { host: 'docker.io', path: name };
}

const invalid = (detail = '') => new InvalidReference(`invalid reference format${detail && `: ${detail}`}`);

/** What `linuxFxVersion` asks for. */
export type FxVersion =
  | { kind: 'none' }
  | { kind: 'docker'; image: string }
  /** A built-in stack (`NODE|20-lts`), `COMPOSE|…` or `sitecontainers`. */
  | { kind: 'other'; value: string };

export function parseFxVersion(linuxFxVersion: string): FxVersion {
  const value = linuxFxVersion.trim();
  if (value === '') return { kind: 'none' };
  const docker = /^docker\|(.*)$/is.exec(value);
  return docker ? { kind: 'docker', image: docker[1]! } : { kind: 'other', value };
}
