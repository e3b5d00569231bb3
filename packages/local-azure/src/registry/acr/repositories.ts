import { nameUnknown } from '../errors.ts';
import { requireRepositoryDeletable } from '../locks.ts';
import { eventOf } from '../registry-events.ts';
import { placeOf, type RegistryRequest, type RouteOf, type Stores, sendJson } from '../request.ts';
import { imageOf, readChanges, timesOf } from './attributes.ts';

type RepositoryRequest = RegistryRequest<RouteOf<'acrRepository'>>;

/** Source: azure-rest-api-specs containerregistry.json, `RepositoryAttributes`. */
export function showRepository({ content }: Stores, call: RepositoryRequest): void {
  const repository = content.repository(placeOf(call));
  if (!repository) throw nameUnknown(call.route.repository);
  const { manifestCount, tagCount, changeableAttributes } = repository;
  sendJson(call.response, {
    ...imageOf(call),
    ...timesOf(repository),
    manifestCount,
    tagCount,
    changeableAttributes,
  });
}

export async function updateRepository(stores: Stores, call: RepositoryRequest): Promise<void> {
  const changes = await readChanges(call.request);
  stores.content.updateRepository(placeOf(call), changes);
  showRepository(stores, call);
}

export function deleteRepository({ content, emit }: Stores, call: RepositoryRequest): void {
  const place = placeOf(call);
  if (!content.hasRepository(place)) throw nameUnknown(place.repository);
  requireRepositoryDeletable(content, place);
  const { manifests, tags } = content.removeRepository(place);
  const manifestsDeleted = manifests.map(({ digest }) => digest);
  sendJson(call.response, { manifestsDeleted, tagsDeleted: tags }, {}, 202);
  for (const manifest of manifests) emit(eventOf(call, 'delete', manifest));
}
