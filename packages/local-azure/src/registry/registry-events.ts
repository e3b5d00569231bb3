import type { Place } from './content.ts';
import type { Digest, Repository, Tag } from './names.ts';
import { placeOf, type RegistryRequest } from './request.ts';
import type { Route } from './route.ts';

/** A change of what a repository holds, told after it is kept. */
export interface RegistryEvent extends Place, ChangedManifest {
  action: 'push' | 'delete';
  /** The tags that a push let point to the manifest; none when it was pushed by digest alone. */
  tags: readonly Tag[];
  /** The request that made the change. */
  request: { id: string; host: string; method: string; useragent: string };
}

export interface ChangedManifest {
  digest: Digest;
  mediaType: string;
  /** In bytes; of one that was pushed. */
  size?: number;
}

/** The header by which a client and the registry's owner name the same request. */
export const correlationId = 'x-ms-correlation-request-id';

/** What a request did to a manifest of its repository. */
export const eventOf = (
  call: RegistryRequest<Extract<Route, { repository: Repository }>>,
  action: RegistryEvent['action'],
  manifest: ChangedManifest,
  tags: readonly Tag[] = [],
): RegistryEvent => ({
  ...placeOf(call),
  ...manifest,
  action,
  tags,
  request: {
    id: String(call.response.getHeader(correlationId)),
    host: call.facts.loginServer,
    method: call.request.method ?? '',
    useragent: call.request.headers['user-agent'] ?? '',
  },
});
