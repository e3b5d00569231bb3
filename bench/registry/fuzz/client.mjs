import { createHash } from 'node:crypto';

export const digestOf = (content) => `sha256:${createHash('sha256').update(content).digest('hex')}`;

/**
 * One of the clients that go on at once: what it has learnt from the answers to its own requests, so that its next
 * ones can be valid. The same seed makes the same requests, but for the names that the registry itself makes up.
 */
export function createClient(number, credentials) {
  const memory = (limit) => {
    const items = [];
    return {
      items,
      add(item) {
        if (items.push(item) > limit) items.shift();
      },
      forget(item) {
        const at = items.indexOf(item);
        if (at >= 0) items.splice(at, 1);
      },
      /** One of them, or else what `make` gives. */
      pick: (random, make) => (items.length > 0 ? random.pick(items) : make()),
    };
  };
  return {
    number,
    credentials,
    repositories: [`fuzz/client-${number}`, 'fuzz/shared'],
    /** `{ repository, digest }` */
    blobs: memory(40),
    /** `{ repository, digest, type, size }` */
    manifests: memory(40),
    /** `{ repository, tag }` */
    tags: memory(20),
    /** `{ repository, path, content }` of open uploads. */
    uploads: memory(10),
    /** The path of every upload that was ever begun. */
    begun: [],
  };
}

/** A credential that is mostly good: an `authorization` header, or none. */
export function authorize(random, { credentials }) {
  const { good, ...others } = credentials.headers;
  const value = random.chance(0.93) ? good : random.pick(Object.values(others));
  return value === undefined ? {} : { authorization: value };
}

export const someDigest = (random) => `sha256:${random.hex(64)}`;
