import type { ListPart } from '../store/resources.ts';
import { badRequest } from './azure-error.ts';
import { readTop } from './odata-filter.ts';
import type { ArmRequest } from './route.ts';

/** The most that one answer lists. Source: MicrosoftDocs/azure-docs resource-manager-list-resources, "$top" of 1000 */
const maxPageSize = 1000;

/** What a list is of: it is shown in the order of ids, compared without case. */
interface Listed {
  id: string;
}

/** One page of a list as Azure writes it: `nextLink` is there when more follows. */
export interface Page {
  value: unknown[];
  nextLink?: string;
}

/**
 * The page that a request's `$top` and `$skipToken` ask for. The token names the last one of the page before, so
 * that whoever pages meets everything that stays, whatever comes and goes meanwhile.
 */
export function pageOf<Item extends Listed>(
  request: Pick<ArmRequest, 'path' | 'query'>,
  read: (part: ListPart) => Item[],
  present: (item: Item) => unknown,
): Page {
  const size = Math.min(readTop(request.query) ?? maxPageSize, maxPageSize);
  const found = read({ limit: size + 1, after: readSkipToken(request.query) });
  const shown = found.slice(0, size);
  return {
    value: shown.map(present),
    ...(found.length > size ? { nextLink: linkAfter(request, shown.at(-1)!.id) } : {}),
  };
}

/** Reads a part of what passes the filter, by as many parts of the whole as that takes. */
export function filtered<Item extends Listed>(
  read: (part: ListPart) => Item[],
  passes: (item: Item) => boolean,
): (part: ListPart) => Item[] {
  return ({ limit, after }) => {
    const found: Item[] = [];
    for (let from = after; ; ) {
      const part = read({ limit: maxPageSize, after: from });
      found.push(...part.filter(passes));
      if (found.length >= limit || part.length < maxPageSize) return found.slice(0, limit);
      from = part.at(-1)!.id;
    }
  };
}

/** Parts of what was read as a whole, since there is little of it. */
export function partsOf<Item extends Listed>(items: readonly Item[]): (part: ListPart) => Item[] {
  const keyed = items
    .map((item) => ({ item, key: item.id.toLowerCase() }))
    .sort((one, other) => (one.key < other.key ? -1 : 1));
  return ({ limit, after = '' }) =>
    keyed
      .filter(({ key }) => key > after.toLowerCase())
      .slice(0, limit)
      .map(({ item }) => item);
}

function readSkipToken(query: URLSearchParams): string | undefined {
  const token = parameter(query, '$skiptoken');
  if (token === undefined) return undefined;
  const id = Buffer.from(token, 'base64url').toString();
  if (id.startsWith('/')) return id;
  throw badRequest('InvalidSkipToken', `The $skipToken '${token}' specified in the query string is invalid.`);
}

function linkAfter({ path, query }: Pick<ArmRequest, 'path' | 'query'>, id: string): string {
  const rest = [...query].filter(([name]) => name.toLowerCase() !== '$skiptoken');
  const next = [...rest, ['$skipToken', Buffer.from(id).toString('base64url')]]
    .map(([name, value]) => `${name}=${encodeURIComponent(value!)}`)
    .join('&');
  return `https://management.azure.com${path.split('/').map(encodeURIComponent).join('/')}?${next}`;
}

/** Clients write `$skipToken` and `$skiptoken`. */
const parameter = (query: URLSearchParams, name: string) =>
  [...query].find(([given]) => given.toLowerCase() === name)?.[1];
