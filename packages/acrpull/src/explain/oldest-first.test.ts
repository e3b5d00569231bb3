import fc from 'fast-check';
import { expect, test } from 'vitest';
import { oldestFirst } from './oldest-first.ts';

function passed(times: (number | undefined)[]) {
  const out: (number | undefined)[] = [];
  const queue = oldestFirst<{ at: number | undefined }>(({ at }) => out.push(at));
  for (const at of times) queue.take({ at });
  queue.end();
  queue.end();
  return out;
}

test.each<[string, (number | undefined)[], (number | undefined)[]]>([
  ['nothing', [], []],
  ['no times', [undefined, undefined], [undefined, undefined]],
  ['the oldest first', [1, 2, undefined, 3], [1, 2, undefined, 3]],
  ['the newest first', [3, undefined, 2, 1], [1, 2, undefined, 3]],
  ['two files', [7, 8, 9, 1, 2, 3], [7, 8, 9, 1, 2, 3]],
])('%s', (_, times, expected) => expect(passed(times)).toEqual(expected));

test('all of what comes oldest first is passed on, of what comes newest first at least the newest', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 2000 }), (count) => {
      const times = Array.from({ length: count }, (_, time) => time);
      expect(passed(times)).toEqual(times);
      const newest = passed(times.toReversed());
      expect(newest).toEqual(times.slice(-newest.length));
      expect(newest.length).toBeGreaterThanOrEqual(Math.min(count, 500));
    }),
    { numRuns: 20 },
  );
});
