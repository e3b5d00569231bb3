import { parsePage, toPage } from './page.ts';
import { type RegistryRequest, type RouteOf, type Stores, sendJson } from './request.ts';

/** Source: Azure/acr docs/AAD-OAuth.md, "Catalog Listing". */
export function listRepositories({ content }: Stores, call: RegistryRequest<RouteOf<'catalog'>>): void {
  const page = parsePage(call.query);
  const found = content.repositories(call.facts.loginServer, page.last, page.limit);
  const { items, link } = toPage(found, page, '/v2/_catalog');
  sendJson(call.response, { repositories: items }, { link });
}
