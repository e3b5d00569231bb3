import type { Database, Statement } from '../../store/database.ts';
import { here } from './place.ts';

/** How a list is ordered, in the words of ACR's `orderby`: by name, or by the time of the last update. */
export const orders = ['none', 'timeasc', 'timedesc'] as const;
export type Order = (typeof orders)[number];

/** A part of a list: up to `limit` items after the one called `last`. */
export interface Listing {
  last: string;
  limit: number;
  orderby: Order;
}

const endOfTime = Number.MAX_SAFE_INTEGER;

/**
 * For each order, the statement that adds to `select` what may be listed of `table` after the item with the `name`
 * `?3`, up to `?4` rows: all of it found by index. When that item is gone, a list in the order of time starts over, so
 * that a client that deletes page by page misses nothing.
 */
export function prepareLists(
  db: Database,
  select: string,
  table: string,
  name: string,
): Record<Order, Statement> {
  const timeOfLast = (otherwise: number) =>
    `COALESCE((SELECT changed_on FROM ${table} WHERE ${here} AND ${name} = ?3), ${otherwise})`;
  const prepare = (rest: string) => db.prepare(`${select} AND list_enabled AND ${rest} LIMIT ?4`);
  return {
    none: prepare(`${name} > ?3 ORDER BY ${name}`),
    timeasc: prepare(`(changed_on, ${name}) > (${timeOfLast(0)}, ?3) ORDER BY changed_on, ${name}`),
    timedesc: prepare(
      `(changed_on, ${name}) < (${timeOfLast(endOfTime)}, ?3) ORDER BY changed_on DESC, ${name} DESC`,
    ),
  };
}
