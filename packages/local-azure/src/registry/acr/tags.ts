import type { TagProperties } from '../content/tags.ts';
import { nameUnknown, tagUnknown } from '../errors.ts';
import { requireTagDeletable } from '../locks.ts';
import { acrPageSize, parsePage, toPage } from '../page.ts';
import { placeOf, type RegistryRequest, type RouteOf, type Stores, sendEmpty, sendJson } from '../request.ts';
import { requireDigest } from '../route.ts';
import { imageOf, readChanges, timesOf } from './attributes.ts';

type TagRequest = RegistryRequest<RouteOf<'acrTag'>>;

/** Source: azure-rest-api-specs containerregistry.json, `TagList`. */
export function listTags({ content }: Stores, call: RegistryRequest<RouteOf<'acrTags'>>): void {
  const place = placeOf(call);
  if (!content.hasRepository(place)) throw nameUnknown(place.repository);
  const page = parsePage(call.query, acrPageSize);
  const wanted = call.query.get('digest');
  const digest = wanted ? requireDigest(wanted) : undefined;
  const path = `/acr/v1/${encodeURIComponent(place.repository)}/_tags`;
  const found = content.tags(place, page, digest);
  const filter = digest && `&digest=${encodeURIComponent(digest)}`;
  const { items, link } = toPage(found, page, path, ({ name }) => name, filter);
  sendJson(call.response, { ...imageOf(call), tags: items.map(toJson) }, { link });
}

export function showTag({ content }: Stores, call: TagRequest): void {
  const tag = content.tag(placeOf(call), call.route.tag);
  if (!tag) throw tagUnknown();
  sendJson(call.response, { ...imageOf(call), tag: toJson(tag) });
}

export async function updateTag(stores: Stores, call: TagRequest): Promise<void> {
  const changes = await readChanges(call.request);
  stores.content.updateTag(placeOf(call), call.route.tag, changes);
  showTag(stores, call);
}

export function deleteTag({ content }: Stores, call: TagRequest): void {
  const place = placeOf(call);
  requireTagDeletable(content, place, call.route.tag);
  if (!content.removeTag(place, call.route.tag)) throw tagUnknown();
  sendEmpty(call.response, 202);
}

/** `TagAttributesBase`; no tag is ever `signed`, since content trust is not had. */
const toJson = (tag: TagProperties) => ({
  name: tag.name,
  digest: tag.digest,
  ...timesOf(tag),
  signed: false,
  changeableAttributes: tag.changeableAttributes,
});
