import { createHmac } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { sameSecret } from '../secret.ts';
import type { Place } from './content.ts';
import { blobUrlChanged, blobUrlExpired } from './errors.ts';
import type { Digest, Repository } from './names.ts';

/** URLs of a registry's dedicated data endpoint: each lets whoever has it read one blob, for a while. */
export interface BlobUrls {
  sign(host: string, place: Place, digest: Digest): string;
  /** The blob that a URL's query names. Throws when the registry did not sign it so, or when its time is over. */
  verify(registry: string, query: URLSearchParams): { place: Place; digest: Digest };
}

/** As the storage driver of distribution/distribution has it: issue 3574 there shows one. */
const lifetime = 20 * 60 * 1000;

/**
 * The query has the names of ACR's own (`h`ost, `r`epository, `d`igest, `s`ignature, `v`ersion: a test of Azure/peerd
 * shows them) but for `e`, the second at which it ends, which ACR hides in an encrypted part.
 */
export function createBlobUrls(key: Buffer, clock: Clock): BlobUrls {
  const signature = (...parts: string[]) =>
    createHmac('sha256', key).update(parts.join('\n')).digest('base64url');

  return {
    sign(host, { registry, repository }, digest) {
      const expiresOn = String(Math.floor((clock.now() + lifetime) / 1000));
      const query = new URLSearchParams({ h: registry, r: repository, d: digest, e: expiresOn });
      query.set('s', signature(registry, repository, digest, expiresOn));
      query.set('v', '1');
      return `https://${host}/?${query}`;
    },

    verify(registry, query) {
      const value = (name: string) => query.get(name) ?? '';
      const [repository, digest, expiresOn] = [value('r'), value('d'), value('e')];
      const expected = signature(registry, repository, digest, expiresOn);
      if (value('h') !== registry || !sameSecret(value('s'), expected)) throw blobUrlChanged();
      const end = Number(expiresOn) * 1000;
      if (end <= clock.now()) throw blobUrlExpired(end, clock.now());
      // What is signed here is of these types.
      return { place: { registry, repository: repository as Repository }, digest: digest as Digest };
    },
  };
}
