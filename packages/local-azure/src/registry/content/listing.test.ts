import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createManualClock } from '../../../test/manual-clock.ts';
import { registryResource } from '../../../test/registry-resource.ts';
import { sha256 } from '../../../test/sha256.ts';
import { type Database, openDatabase } from '../../store/database.ts';
import { createContent } from '../content.ts';
import type { Digest, Repository, Tag } from '../names.ts';
import { orders, prepareLists } from './listing.ts';
import { here } from './place.ts';

const place = { registry: 'hoge.azurecr.io', repository: 'a' as Repository };
const order = fc.constantFrom(...orders);

/** Content whose tags were pushed one after the other; several at the same time where `pauses` says 0. */
async function contentWith(db: Database, pushes: { tag: string; pause: number }[]) {
  const clock = createManualClock();
  registryResource(db, place.registry).make();
  const content = createContent(db, clock, 0);
  for (const { tag, pause } of pushes) {
    const [digest, body] = [sha256(tag) as Digest, Buffer.from(tag)];
    content.putManifest(place, { digest, mediaType: 'a/b', body, imageSize: 1, blobs: [] }, [tag as Tag]);
    await clock.advance(pause);
  }
  return content;
}

const pushes = fc.array(
  fc.record({ tag: fc.stringMatching(/^[a-zA-Z0-9]{1,2}$/), pause: fc.nat({ max: 2 }) }),
  { maxLength: 30 },
);

test('page by page, everything is listed once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(pushes, order, fc.integer({ min: 1, max: 7 }), async (pushed, orderby, limit) => {
      const db = openDatabase(':memory:');
      const content = await contentWith(db, pushed);
      const whole = content.tags(place, { last: '', limit: 1000, orderby });
      const paged = [];
      for (let last = ''; ; ) {
        const page = content.tags(place, { last, limit, orderby });
        paged.push(...page);
        if (page.length < limit) break;
        last = page.at(-1)!.name;
      }
      db.close();
      expect(paged).toEqual(whole);
      expect(new Set(whole.map(({ name }) => name))).toEqual(new Set(pushed.map(({ tag }) => tag)));
      const keys = whole.map(({ name, changedOn }) => (orderby === 'none' ? name : changedOn));
      const sorted = [...keys].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      expect(keys).toEqual(orderby === 'timedesc' ? sorted.reverse() : sorted);
    }),
    { numRuns: 50 },
  );
});

test.each(orders)('however many there are, a page in the order %s reads its own rows only', (orderby) => {
  const db = openDatabase(':memory:');
  for (const [table, name] of [
    ['registry_tags', 'tag'] as const,
    ['registry_manifests', 'digest'] as const,
  ]) {
    const explain = prepareLists(db, `EXPLAIN QUERY PLAN SELECT 1 FROM ${table} WHERE ${here}`, table, name);
    const plan = explain[orderby].all(place.registry, place.repository, 'b', 10) as { detail: string }[];
    expect(plan[0]!.detail).toMatch(/^SEARCH .* \(registry=\? AND repository=\? AND .*[<>]/);
    expect(plan.map(({ detail }) => detail).join()).not.toMatch(/SCAN|TEMP B-TREE/);
  }
  db.close();
});
