import { acrPageSize, parsePage, toPage } from './page.ts';
import { type RegistryRequest, type RouteOf, type Stores, sendJson } from './request.ts';

type CatalogKind = 'catalog' | 'acrCatalog';

const catalogs: Record<CatalogKind, { path: string; pageSize?: number }> = {
  catalog: { path: '/v2/_catalog' },
  acrCatalog: { path: '/acr/v1/_catalog', pageSize: acrPageSize },
};

/** Sources: Azure/acr docs/AAD-OAuth.md, "Catalog Listing"; azure-rest-api-specs containerregistry.json. */
export function listRepositories({ content }: Stores, call: RegistryRequest<RouteOf<CatalogKind>>): void {
  const { path, pageSize } = catalogs[call.route.kind];
  const page = parsePage(call.query, pageSize);
  const found = content.repositories(call.facts.loginServer, page.last, page.limit);
  const { items, link } = toPage(found, page, path, (name) => name);
  sendJson(call.response, { repositories: items }, { link });
}
