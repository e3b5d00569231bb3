import { describe, expect, test } from 'vitest';
import { expired } from './retention.ts';

const mb = 1024 * 1024;
const day = 24 * 60 * 60 * 1000;
const now = 100 * day;
const file = (size: number, daysAgo: number) => ({ size: size * mb, modifiedOn: now - daysAgo * day });

describe('what must go, oldest first', () => {
  test.each([
    ['nothing', [file(4, 9), file(4, 1)], 25, 0, 0],
    ['what is older than the days', [file(1, 9), file(1, 4), file(1, 2)], 100, 3, 2],
    [
      'what is too much beside the two that are written to',
      [file(4, 9), file(4, 8), file(4, 7), file(4, 6), file(4, 5)],
      25,
      0,
      1,
    ],
    ['both', [file(1, 9), file(10, 2), file(10, 1)], 25, 3, 2],
    ['all that is too large', [file(40, 1)], 35, 0, 1],
  ])('%s', (_what, files, retentionInMb, retentionInDays, count) => {
    expect(expired(files, { enabled: true, retentionInMb, retentionInDays }, now)).toEqual(
      files.slice(0, count),
    );
  });
});
