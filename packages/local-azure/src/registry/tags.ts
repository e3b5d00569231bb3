import { nameUnknown } from './errors.ts';
import { parsePage, toPage } from './page.ts';
import { placeOf, type RegistryRequest, type RouteOf, type Stores, sendJson } from './request.ts';

/** Source: distribution-spec "Listing Tags". */
export function listTags({ content }: Stores, call: RegistryRequest<RouteOf<'tags'>>): void {
  const { repository } = call.route;
  const place = placeOf(call);
  if (!content.hasRepository(place)) throw nameUnknown(repository);
  const page = parsePage(call.query);
  const { items, link } = toPage(
    content.tags(place, page.last, page.limit),
    page,
    `/v2/${repository}/tags/list`,
  );
  sendJson(call.response, { name: repository, tags: items }, { link });
}
