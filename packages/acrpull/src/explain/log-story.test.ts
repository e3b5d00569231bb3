import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as words from '../../test/log-words.ts';
import { createLogReader } from './log-story.ts';

const { pulling, pulled, unauthorized, unknownTag, gaveUp, starting, ready, givenUp } = words;
const stopping = (site: string) => `INFO  - Stopping site ${site} because it failed during startup.`;
const refused =
  'State: Stopping, Action: StoppingSite, LastError: ImagePullUnauthorizedFailure, LastErrorTimestamp: 04/22/2026 05:34:05, LastErrorDetails: Failed to pull image: h/a:1. Image pull failed with forbidden or unauthorized. Check registry credentials., Details: , DetailsLevel: ERROR';

/** A second for each line. */
const at = (second: number, line: string) =>
  `2026-01-01T10:00:${String(second).padStart(2, '0')}.000Z ${line}`;
const isKnown = (text: string) => text.includes('authentication required');

function read(lines: string[], source?: string) {
  const reader = createLogReader(isKnown);
  for (const [index, text] of lines.entries()) reader.take({ number: index + 1, text }, source);
  return reader.stories().map(({ site, attempts, latest }) => {
    const { decided } = latest.attempt;
    return {
      site,
      attempts,
      ended: typeof decided === 'object' && decided.kind === 'refused' ? decided.cause : decided,
      line: latest.telling?.number,
      later: latest.later.map(({ cause }) => cause),
      isWhole: latest.isWhole,
    };
  });
}

describe('one try', () => {
  test('is decided by its first error; what follows and says something else is kept apart', () => {
    expect(read([pulling, unknownTag, '', unauthorized, unauthorized, gaveUp, stopping('a')])).toEqual([
      { site: 'a', attempts: 1, ended: 'manifest-unknown', line: 2, later: ['unauthorized'], isWhole: true },
    ]);
  });

  test('of the older platform asks twice', () => {
    const again = 'INFO  - Pulling image from Docker hub: hoge.azurecr.io/app:9';
    expect(read([pulling, unknownTag, again, unauthorized, gaveUp])).toMatchObject([
      { attempts: 1, ended: 'manifest-unknown', later: ['unauthorized'] },
    ]);
  });

  test('of the newer worker is decided by the reason, not by the word that there is one', () => {
    expect(read(['Pulling image: h/a:1.', givenUp, refused, 'Site: a stopped.', refused])).toMatchObject([
      { site: 'a', attempts: 1, ended: 'unauthorized', line: 3 },
    ]);
    expect(read(['Pulling image: h/a:1.', givenUp, 'Site: a stopped.'])).toMatchObject([
      { ended: 'other', line: 2 },
    ]);
  });

  test('without its beginning may lack its first error', () => {
    expect(read([unauthorized, gaveUp])).toMatchObject([{ ended: 'unauthorized', isWhole: false }]);
  });

  test('may be without an end', () => {
    expect(read([pulling])).toMatchObject([{ ended: undefined, line: undefined }]);
    expect(read([pulling, unauthorized])).toMatchObject([{ ended: 'unauthorized' }]);
  });

  test('may be a message alone', () => {
    expect(read(['x', 'unauthorized: authentication required'])).toMatchObject([
      { ended: 'unauthorized', line: 2, isWhole: false },
    ]);
    expect(read(['x', 'y'])).toEqual([]);
  });
});

describe('several tries', () => {
  test('the latest counts, the earlier ones are counted', () => {
    const good = [pulling, pulled, starting, ready];
    const bad = [pulling, unauthorized, gaveUp];
    expect(read([...bad, ...good])).toMatchObject([{ attempts: 2, ended: 'ready' }]);
    expect(read([...good, ...bad, ...bad])).toMatchObject([{ attempts: 3, ended: 'unauthorized', line: 9 }]);
  });

  test('the latest by its time, in whatever order files were put together', () => {
    const bad = [at(3, pulling), at(4, unauthorized), at(5, gaveUp)];
    const good = [at(10, pulling), at(11, pulled), at(12, ready)];
    for (const lines of [
      [...good, ...bad],
      [...bad, ...good],
    ]) {
      expect(read(lines)).toMatchObject([{ attempts: 2, ended: 'ready' }]);
    }
  });

  test('with the newest first, as Azure Monitor exports them', () => {
    const bad = [at(3, pulling), at(4, unknownTag), at(5, unauthorized), at(6, gaveUp)];
    const good = [at(0, pulling), at(1, pulled), at(2, ready)];
    expect(read([...good, ...bad].reverse())).toMatchObject([
      { attempts: 2, ended: 'manifest-unknown', later: ['unauthorized'], line: 3, isWhole: true },
    ]);
  });

  test('of which only the errors are left', () => {
    expect(read([unknownTag, unauthorized, gaveUp, unknownTag, unauthorized, gaveUp])).toMatchObject([
      { attempts: 2, ended: 'manifest-unknown', later: ['unauthorized'] },
    ]);
  });
});

describe('several sites', () => {
  test('one after the other', () => {
    const good = [
      pulling,
      pulled,
      'Container x for site b initialized successfully and is ready to serve requests.',
    ];
    expect(read([pulling, unauthorized, gaveUp, stopping('a__staging'), ...good])).toMatchObject([
      { site: 'a/staging', ended: 'unauthorized' },
      { site: 'b', ended: 'ready' },
    ]);
  });

  test('the newer worker names a site before its pull', () => {
    const announce = (site: string) =>
      `State: Starting, Action: PullingImage, LastError: , LastErrorTimestamp: , LastErrorDetails: , Details: Pulling image h/a:1 for ${site}., DetailsLevel: INFO`;
    const image = 'Pulling image: h/a:1.';
    expect(read([announce('a'), image, givenUp, refused, announce('b'), image])).toMatchObject([
      { site: 'a', ended: 'unauthorized' },
      { site: 'b', ended: undefined },
    ]);
  });

  test('at the same time, in an export that says whose line is whose', () => {
    const of = (site: string, Message: string) =>
      JSON.stringify({ resourceId: `/SUBSCRIPTIONS/S/PROVIDERS/MICROSOFT.WEB/SITES/${site}`, Message });
    const lines = [
      of('A', pulling),
      of('B', pulling),
      of('A', unknownTag),
      of('B', unauthorized),
      of('A', gaveUp),
    ];
    expect(read(lines)).toMatchObject([
      { site: 'a', ended: 'manifest-unknown', later: [] },
      { site: 'b', ended: 'unauthorized' },
    ]);
  });
});

test('the first error of the last try decides, whatever else a log has', () => {
  const lines = [
    pulling,
    pulled,
    unauthorized,
    unknownTag,
    gaveUp,
    starting,
    ready,
    givenUp,
    refused,
    'junk',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...lines)), (before) => {
      const [story] = read([...before, pulling, 'junk', unknownTag, unauthorized, gaveUp]);
      expect(story).toMatchObject({ ended: 'manifest-unknown', line: before.length + 3 });
      expect(story!.attempts).toBeGreaterThan(before.filter((line) => line === pulling).length);
    }),
  );
});

test('what is kept does not grow with the log', () => {
  const reader = createLogReader(isKnown);
  const size = () => JSON.stringify(reader.stories()).length;
  const lines = [pulling, `${unauthorized} ${'x'.repeat(10_000)}`, unknownTag, gaveUp];
  const take = (times: number) => {
    for (let i = 0; i < times; i++) for (const text of lines) reader.take({ number: 1, text });
  };
  take(2);
  const small = size();
  take(300);
  expect(size()).toBeLessThan(small + 100);
});
