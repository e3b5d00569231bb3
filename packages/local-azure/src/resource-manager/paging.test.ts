import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ListPart, ResourceRecord } from '../store/resources.ts';
import { filtered, pageOf } from './paging.ts';

const record = (number: number) => ({ id: `/things/${String(number).padStart(6, '0')}` }) as ResourceRecord;
const reader =
  (records: ResourceRecord[]) =>
  ({ limit, after = '' }: ListPart) =>
    records.filter(({ id }) => id > after).slice(0, limit);

/** All ids, page by page, as a client follows the links. */
function follow(read: (part: ListPart) => ResourceRecord[], query: string): string[][] {
  const pages: string[][] = [];
  for (let next: string | undefined = `https://management.azure.com/a%20b/things?${query}`; next; ) {
    const url: URL = new URL(next);
    const request = { path: decodeURIComponent(url.pathname), query: url.searchParams };
    const page = pageOf(request, read, ({ id }) => id);
    pages.push(page.value as string[]);
    next = page.nextLink;
    if (next) expect(next).toMatch(/^https:\/\/management\.azure\.com\/a%20b\/things\?/);
  }
  return pages;
}

describe('a list in pages', () => {
  test('shows each resource once, in order, whatever the page size and the filter', () => {
    const sizes = fc.integer({ min: 1, max: 50 });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 120 }),
        sizes,
        fc.integer({ min: 1, max: 7 }),
        (count, top, every) => {
          const records = Array.from({ length: count }, (_, i) => record(i));
          const passes = ({ id }: ResourceRecord) => Number(id.slice(-6)) % every === 0;
          const pages = follow(filtered(reader(records), passes), `api-version=2021-04-01&$top=${top}`);
          expect(pages.flat()).toEqual(records.filter(passes).map(({ id }) => id));
          for (const page of pages) expect(page.length).toBeLessThanOrEqual(top);
        },
      ),
    );
  });

  test('has pages of a thousand, and keeps the query', () => {
    const records = Array.from({ length: 2500 }, (_, i) => record(i));
    const pages = follow(reader(records), "api-version=2021-04-01&$filter=name eq 'x'");
    expect(pages.map(({ length }) => length)).toEqual([1000, 1000, 500]);
    expect(follow(reader(records), '$top=9999').map(({ length }) => length)).toEqual([1000, 1000, 500]);
    const { nextLink } = pageOf(
      { path: '/x', query: new URLSearchParams('$filter=a b&$top=1') },
      reader(records),
      String,
    );
    expect([...new URL(nextLink!).searchParams].slice(0, 2)).toEqual([
      ['$filter', 'a b'],
      ['$top', '1'],
    ]);
  });

  test('goes on after a resource that has gone meanwhile', () => {
    const records = [0, 1, 2, 3].map(record);
    const { nextLink } = pageOf(
      { path: '/x', query: new URLSearchParams('$top=2') },
      reader(records),
      String,
    );
    const rest = pageOf(
      { path: '/x', query: new URL(nextLink!).searchParams },
      reader(records.toSpliced(1, 1)),
      ({ id }) => id,
    );
    expect(rest).toEqual({ value: [record(2).id, record(3).id] });
  });

  test.each(['$top=0', '$top=x', '$skipToken=x', '$skiptoken='])('refuses %s', (query) => {
    expect(() => pageOf({ path: '/x', query: new URLSearchParams(query) }, reader([]), String)).toThrow(
      /invalid/i,
    );
  });
});
