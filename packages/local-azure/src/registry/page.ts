import { pageInvalid } from './errors.ts';

export interface PageRequest {
  /** At most this many are wanted. */
  n: number;
  /** Only what comes after this one. */
  last: string;
  /** How many to read, so as to know whether more follow. */
  limit: number;
}

/** Without `n` all is listed. */
export function parsePage(query: URLSearchParams): PageRequest {
  const text = query.get('n') || '999999999';
  if (!/^\d{1,9}$/.test(text)) throw pageInvalid(text);
  const n = Number(text);
  return { n, last: query.get('last') ?? '', limit: n + 1 };
}

/**
 * Cuts `found`, which is up to `limit` long, to the page, and makes the `Link` to the next one.
 * The link's form: Azure/acr docs/AAD-OAuth.md, "Pagination".
 */
export function toPage(
  found: string[],
  { n }: PageRequest,
  path: string,
): { items: string[]; link?: string } {
  const items = found.slice(0, n);
  const last = items.at(-1);
  if (last === undefined || found.length <= n) return { items };
  return { items, link: `<${path}?last=${encodeURIComponent(last)}&n=${n}&orderby=>; rel="next"` };
}
