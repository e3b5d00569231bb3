import * as acrManifests from './acr/manifests.ts';
import * as acrRepositories from './acr/repositories.ts';
import * as acrTags from './acr/tags.ts';
import type { BlobUrls } from './blob-urls.ts';
import { deleteBlob, readBlob } from './blobs.ts';
import { listRepositories } from './catalog.ts';
import type { Attribute } from './changeable-attributes.ts';
import { methodNotAllowed, notFound } from './errors.ts';
import { deleteManifest, putManifest, readManifest } from './manifests.ts';
import type { Scope } from './permissions.ts';
import { listReferrers } from './referrers.ts';
import { type RegistryRequest, type RouteOf, type Stores, sendJson } from './request.ts';
import type { Route } from './route.ts';
import { listTags } from './tags.ts';
import type { TokenService } from './token-service.ts';
import type { UploadSessions } from './upload-sessions.ts';
import { createUploads, mountSource } from './uploads.ts';

/** One method of one route: what its caller needs, and what it does. */
export interface Operation<R extends Route = Route> {
  /** What the caller's credential must allow; an empty list means any credential. Absent: none is asked for. */
  needs?(route: R, query: URLSearchParams): Scope[];
  /** The attribute of the repository that switches it off. Absent: none does, or the handler sees to it. */
  enabledBy?: Attribute;
  handle(call: RegistryRequest<R>): void | Promise<void>;
}

export type Operations = {
  [Kind in Route['kind']]: Partial<Record<string, Operation<RouteOf<Kind>>>>;
};

type InRepository = Extract<Route, { repository: string }>;

// The order of the actions is that of the challenge.
const repository =
  (...actions: string[]) =>
  ({ repository: name }: InRepository): Scope[] => [{ type: 'repository', name, actions }];
const pull = repository('pull');
// Clients expect to be asked for both.
const push = repository('pull', 'push');
const remove = repository('delete');
// ACR asks for this rather than `pull` to list tags; clients learn it from the challenge.
const readMetadata = repository('metadata_read');
const writeMetadata = repository('metadata_write');
const wholeCatalog = (): Scope[] => [{ type: 'registry', name: 'catalog', actions: ['*'] }];
const anyCredential = (): Scope[] => [];
/** A push, and a pull from the repository that a blob is to be mounted from. */
const pushOrMount = (route: InRepository, query: URLSearchParams): Scope[] => {
  const from = mountSource(query);
  return from ? [...push(route), ...pull({ ...route, repository: from })] : push(route);
};

/** Everything that the registry can be asked, and what each needs. */
export function createOperations(
  stores: Stores,
  sessions: UploadSessions,
  tokenService: TokenService,
  blobUrls: BlobUrls,
): Operations {
  const uploads = createUploads(stores, sessions);
  const on =
    <R extends Route>(handler: (stores: Stores, call: RegistryRequest<R>) => void | Promise<void>) =>
    (call: RegistryRequest<R>) =>
      handler(stores, call);
  const read = <R extends Route>(operation: Operation<R>) => ({ GET: operation, HEAD: operation });
  return {
    base: read({ needs: anyCredential, handle: ({ response }) => sendJson(response, {}) }),
    exchange: { POST: { handle: tokenService.exchange } },
    token: {
      GET: { handle: tokenService.getToken },
      POST: { handle: tokenService.postToken },
    },
    catalog: read({ needs: wholeCatalog, handle: on(listRepositories) }),
    tags: read({ needs: readMetadata, handle: on(listTags) }),
    referrers: read({ needs: pull, enabledBy: 'readEnabled', handle: on(listReferrers) }),
    manifest: {
      ...read({ needs: pull, enabledBy: 'readEnabled', handle: on(readManifest) }),
      PUT: { needs: push, handle: on(putManifest) },
      DELETE: { needs: remove, enabledBy: 'writeEnabled', handle: on(deleteManifest) },
    },
    blob: {
      ...read({ needs: pull, enabledBy: 'readEnabled', handle: on(readBlob(blobUrls)) }),
      DELETE: { needs: remove, enabledBy: 'writeEnabled', handle: on(deleteBlob) },
    },
    uploads: { POST: { needs: pushOrMount, enabledBy: 'writeEnabled', handle: uploads.start } },
    upload: {
      GET: { needs: push, handle: uploads.status },
      PATCH: { needs: push, enabledBy: 'writeEnabled', handle: uploads.patch },
      PUT: { needs: push, enabledBy: 'writeEnabled', handle: uploads.finish },
      DELETE: { needs: push, handle: uploads.cancel },
    },
    acrCatalog: read({ needs: wholeCatalog, handle: on(listRepositories) }),
    acrRepository: {
      ...read({ needs: readMetadata, handle: on(acrRepositories.showRepository) }),
      PATCH: { needs: writeMetadata, handle: on(acrRepositories.updateRepository) },
      DELETE: { needs: remove, handle: on(acrRepositories.deleteRepository) },
    },
    acrTags: read({ needs: readMetadata, handle: on(acrTags.listTags) }),
    acrTag: {
      ...read({ needs: readMetadata, handle: on(acrTags.showTag) }),
      PATCH: { needs: writeMetadata, handle: on(acrTags.updateTag) },
      DELETE: { needs: remove, enabledBy: 'writeEnabled', handle: on(acrTags.deleteTag) },
    },
    acrManifests: read({ needs: readMetadata, handle: on(acrManifests.listManifests) }),
    acrManifest: {
      ...read({ needs: readMetadata, handle: on(acrManifests.showManifest) }),
      PATCH: { needs: writeMetadata, handle: on(acrManifests.updateManifest) },
    },
  };
}

/** The operation behind a route and a method. Throws when the route does not know the method. */
export function operationFor(operations: Operations, route: Route, method: string): Operation {
  const methods = operations[route.kind];
  if (Object.hasOwn(methods, method)) return methods[method] as Operation;
  // The token service answers as if the path did not exist. Source: Azure/acr issue 166.
  throw route.kind === 'exchange' ? notFound() : methodNotAllowed(Object.keys(methods));
}
