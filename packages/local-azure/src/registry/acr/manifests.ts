import type { ManifestProperties, StoredManifest } from '../content/manifests.ts';
import { manifestUnknown, nameUnknown } from '../errors.ts';
import { parseManifest } from '../manifest-format.ts';
import { acrPageSize, parsePage, toPage } from '../page.ts';
import { placeOf, type RegistryRequest, type RouteOf, type Stores, sendJson } from '../request.ts';
import { imageOf, readChanges, timesOf } from './attributes.ts';

type ManifestRequest = RegistryRequest<RouteOf<'acrManifest'>>;

/** Source: azure-rest-api-specs containerregistry.json, `AcrManifests`. */
export function listManifests({ content }: Stores, call: RegistryRequest<RouteOf<'acrManifests'>>): void {
  const place = placeOf(call);
  if (!content.hasRepository(place)) throw nameUnknown(place.repository);
  const page = parsePage(call.query, acrPageSize);
  const path = `/acr/v1/${encodeURIComponent(place.repository)}/_manifests`;
  const { items, link } = toPage(content.manifests(place, page), page, path, ({ digest }) => digest);
  sendJson(call.response, { ...imageOf(call), manifests: items.map(toJson) }, { link });
}

/** With the `references` of an index, which a list does not show. */
export function showManifest({ content }: Stores, call: ManifestRequest): void {
  const place = placeOf(call);
  const { digest, repository } = call.route;
  const properties = content.manifestProperties(place, digest);
  const stored = content.manifest(place, digest);
  if (!properties || !stored) throw manifestUnknown(repository, { digest });
  const manifest = { ...toJson(properties), references: referencesOf(stored) };
  sendJson(call.response, { ...imageOf(call), manifest });
}

export async function updateManifest(stores: Stores, call: ManifestRequest): Promise<void> {
  const changes = await readChanges(call.request);
  stores.content.updateManifest(placeOf(call), call.route.digest, changes);
  showManifest(stores, call);
}

/** `ManifestAttributesBase`; what there is nothing of is left out, as ACR does. */
const toJson = (manifest: ManifestProperties) => ({
  digest: manifest.digest,
  imageSize: manifest.imageSize,
  ...timesOf(manifest),
  architecture: manifest.architecture ?? undefined,
  os: manifest.os ?? undefined,
  mediaType: manifest.mediaType,
  configMediaType: manifest.configMediaType ?? undefined,
  tags: manifest.tags.length > 0 ? manifest.tags : undefined,
  changeableAttributes: manifest.changeableAttributes,
});

function referencesOf({ body, mediaType }: StoredManifest) {
  const { manifests } = parseManifest(body, mediaType);
  return manifests.length > 0 ? manifests : undefined;
}
