import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bucket, type BucketLimit, refill, secondsUntilToken } from './token-bucket.ts';

const limit: BucketLimit = { size: 250, refillPerSecond: 25 };

/** Takes a token at each of these times when there is one; returns when it did. */
function takeAll(limit: BucketLimit, times: readonly number[]): number[] {
  let bucket: Bucket | undefined;
  return times.filter((now) => {
    bucket = refill(limit, bucket, now);
    if (secondsUntilToken(limit, bucket) > 0) return false;
    bucket = { ...bucket, tokens: bucket.tokens - 1 };
    return true;
  });
}

describe('a token bucket', () => {
  test('lets its size through at once, and then as many a second as it is refilled with', () => {
    const at = (second: number) => Array.from({ length: 1000 }, () => second * 1000);
    expect(takeAll(limit, [...at(0), ...at(1), ...at(100)])).toEqual([
      ...at(0).slice(0, 250),
      ...at(1).slice(0, 25),
      ...at(100).slice(0, 250),
    ]);
  });

  const limits = fc.record({
    size: fc.integer({ min: 1, max: 50 }),
    refillPerSecond: fc.integer({ min: 1, max: 20 }),
  });
  const times = fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 300 });

  test('in no stretch of time lets through more than its size and the refill', () => {
    fc.assert(
      fc.property(limits, times, (limit, unsorted) => {
        const taken = takeAll(
          limit,
          unsorted.sort((a, b) => a - b),
        );
        for (const [first, from] of taken.entries()) {
          for (const [last, to] of taken.entries()) {
            if (last < first) continue;
            const allowed = limit.size + ((to - from) / 1000) * limit.refillPerSecond;
            expect(last - first + 1).toBeLessThanOrEqual(Math.floor(allowed + 1e-6));
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  test('has a token after the seconds that it says, and none a whole second earlier', () => {
    fc.assert(
      fc.property(limits, fc.double({ min: 0, max: 1, noNaN: true }), (limit, tokens) => {
        const bucket = { tokens, at: 0 };
        const seconds = secondsUntilToken(limit, bucket);
        const after = (s: number) => secondsUntilToken(limit, refill(limit, bucket, s * 1000 + 0.001));
        expect(after(seconds)).toBe(0);
        if (seconds > 1) expect(after(seconds - 1)).toBeGreaterThan(0);
      }),
    );
  });

  test('a clock that is set back neither refills nor empties it', () => {
    const bucket = { tokens: 7, at: 5000 };
    expect(refill(limit, bucket, 1000)).toEqual(bucket);
  });
});
