import { nameUnknown } from './errors.ts';
import { parsePage, toPage } from './page.ts';
import { placeOf, type RegistryRequest, type RouteOf, type Stores, sendJson } from './request.ts';

/** Source: distribution-spec "Listing Tags". */
export function listTags({ content }: Stores, call: RegistryRequest<RouteOf<'tags'>>): void {
  const { repository } = call.route;
  const place = placeOf(call);
  if (!content.hasRepository(place)) throw nameUnknown(repository);
  const page = parsePage(call.query);
  const tags = content.tags(place, page).map(({ name }) => name);
  const { items, link } = toPage(tags, page, `/v2/${repository}/tags/list`, (name) => name);
  sendJson(call.response, { name: repository, tags: items }, { link });
}
