import { matches, parseFilter } from './filter.ts';
import { badRequest, notImplemented } from './graph-error.ts';
import type { GraphRequest, GraphResponse } from './route.ts';

/** Source: learn.microsoft.com/graph/api/user-list, "default and maximum page sizes are 100 and 999" */
const pageSizes = { default: 100, maximum: 999 };

const known = new Set(['$filter', '$top', '$skiptoken', '$select']);

interface Listed {
  id: string;
}

/** Answers a list: what passes `$filter`, a page of it, and a link to the next one. */
export function answerList<T extends Listed>(
  { query, url }: GraphRequest,
  context: string,
  items: readonly T[],
  {
    /** What can be filtered by. */
    summarize,
    present = summarize,
  }: {
    summarize(item: T): Record<string, unknown>;
    /** What is shown, where that is more. */
    present?(item: T): Record<string, unknown>;
  },
): GraphResponse {
  const unknown = [...query.keys()].find((name) => name.startsWith('$') && !known.has(name));
  if (unknown) throw notImplemented(`the query option ${unknown}`);
  const filter = query.get('$filter');
  const conditions = filter === null ? [] : parseFilter(filter);
  const after = query.get('$skiptoken') ?? '';
  const found = items
    .filter((item) => item.id > after && conditions.every((one) => matches(summarize(item), one)))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const page = found.slice(0, readTop(query.get('$top')));
  const select = query.get('$select')?.split(',');
  const pick = (entity: Record<string, unknown>) =>
    select
      ? Object.fromEntries(
          Object.entries(entity).filter(([name]) => name[0] === '@' || select.includes(name)),
        )
      : entity;
  return {
    status: 200,
    context,
    body: {
      ...(page.length < found.length ? { '@odata.nextLink': nextLink(url, page.at(-1)!.id) } : {}),
      value: page.map((item) => pick(present(item))),
    },
  };
}

function readTop(top: string | null): number {
  if (top === null) return pageSizes.default;
  const count = /^\d{1,3}$/.test(top) ? Number(top) : 0;
  if (count < 1 || count > pageSizes.maximum) throw badRequest(`Invalid page size specified: '${top}'.`);
  return count;
}

function nextLink(url: string, last: string): string {
  const next = new URL(url, 'https://graph.microsoft.com');
  next.searchParams.set('$skiptoken', last);
  return `https://graph.microsoft.com${next.pathname}${next.search}`;
}
