import { type Listing, type Order, orders } from './content/listing.ts';
import { orderInvalid, pageInvalid } from './errors.ts';

/** The part of a list that a client wants. Its `limit` is one more than it gets, so as to know whether more follow. */
export interface PageRequest extends Listing {
  /** At most this many are wanted. */
  n: number;
}

const wholeList = 999_999_999;
/** How many ACR's own API lists when the client does not say. Source: Azure/acr-cli cmd/acr/manifest.go. */
export const acrPageSize = 100;

/** Without `n`, `defaultSize` are listed. */
export function parsePage(query: URLSearchParams, defaultSize = wholeList): PageRequest {
  const text = query.get('n') || String(defaultSize);
  if (!/^\d{1,9}$/.test(text)) throw pageInvalid(text);
  const n = Number(text);
  return { n, last: query.get('last') ?? '', limit: n + 1, orderby: parseOrder(query.get('orderby')) };
}

function parseOrder(text: string | null): Order {
  const order = orders.find((each) => each === (text || 'none'));
  if (!order) throw orderInvalid(text!);
  return order;
}

/**
 * Cuts `found`, which is up to `limit` long, to the page, and makes the `Link` to the next one. `filter` is what else
 * its query must say, such as `&digest=…`. The link's form: Azure/acr docs/AAD-OAuth.md, "Pagination".
 */
export function toPage<T>(
  found: T[],
  { n, orderby }: PageRequest,
  path: string,
  nameOf: (item: T) => string,
  filter = '',
): { items: T[]; link?: string } {
  const items = found.slice(0, n);
  const last = items.at(-1);
  if (last === undefined || found.length <= n) return { items };
  const order = orderby === 'none' ? '' : orderby;
  const url = `${path}?last=${encodeURIComponent(nameOf(last))}&n=${n}&orderby=${order}${filter}`;
  return { items, link: `<${url}>; rel="next"` };
}
