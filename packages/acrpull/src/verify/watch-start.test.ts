import { describe, expect, test } from 'vitest';
import { digest, gaveUp, pulled, pulling, ready, unauthorized, unknownTag } from '../../test/log-words.ts';
import type { Script, Start } from '../../test/scripted-azure.ts';
import { good, refused, verify } from '../../test/scripted-verify.ts';
import { Unreachable } from '../azure/unreachable.ts';

describe('the log', () => {
  const serving = { outcome: { kind: 'serving', digest }, attempts: 1 };
  const missing: Start = [
    [500, pulling],
    [1000, unknownTag],
    [1100, unauthorized],
    [1200, gaveUp],
  ];

  test.each<[string, Partial<Script>]>([
    ['whose stream loses every line', { spoil: () => 'lost' }],
    ['whose stream brings every line late', { spoil: () => 30_000 }],
    ['whose stream brings some lines late', { spoil: (line) => (/Pulling|Digest/.test(line) ? 9_000 : 0) }],
    ['whose stream breaks off every second', { streamLastsMs: 1_000 }],
    ['whose stream loses the digest', { spoil: (line) => (/Digest/.test(line) ? 'lost' : 0) }],
    ...[401, 403, 404, 503].map((status): [string, Partial<Script>] => [
      `whose stream answers ${status}`,
      { answer: (call) => (call === 'logstream' ? { status } : undefined) },
    ]),
    [
      'whose scm host has no address',
      {
        answer: (call) =>
          call === 'logstream' ? new Unreachable('scm', '', { noSuchHost: true }) : undefined,
      },
    ],
    [
      'that Resource Manager does not give',
      { answer: (call) => (call === 'containerlogs' ? { status: 403 } : undefined) },
    ],
    [
      'that Resource Manager gives every other time',
      {
        spoil: () => 'lost',
        answer: (call, n) => (call === 'containerlogs' && n % 2 ? { status: 500 } : undefined),
      },
    ],
  ])('%s', async (_, script) => {
    expect(await verify({ starts: [good], ...script })).toMatchObject(serving);
  });

  test.each<[string, Script['spoil']]>([
    ['lost', (line) => (line === unknownTag ? 'lost' : 0)],
    ['late', (line) => (line === unknownTag ? 20_000 : 0)],
  ])('has the last word: the first error counts also when the stream has it %s', async (_, spoil) => {
    expect(await verify({ starts: [missing], spoil: spoil! })).toMatchObject({
      outcome: { kind: 'refused', cause: 'manifest-unknown' },
    });
  });

  test('of earlier starts never decides, be it shown again, or late', async () => {
    const before: Start = [
      [9000, pulling],
      [8000, unauthorized],
      [7000, gaveUp],
      [900, pulling],
      [600, pulled],
      [300, ready],
    ];
    const { outcome, elapsedMs } = await verify({ starts: [missing], before, streamLastsMs: 700 });
    expect(outcome).toMatchObject({ kind: 'refused', cause: 'manifest-unknown' });
    expect(elapsedMs).toBeGreaterThanOrEqual(1200);
  });

  test.each([-3600_000, -1500, 1500, 86_400_000])('is judged by Azure’s clock: %i ms off', async (skewMs) => {
    const before: Start = [
      [9000, pulling],
      [8000, unauthorized],
      [7000, gaveUp],
    ];
    expect(await verify({ starts: [good], before, skewMs })).toMatchObject(serving);
  });

  test('that nobody can read stops it before the restart', async () => {
    const answer = (call: string) => (/^(logstream|containerlogs)$/.test(call) ? { status: 403 } : undefined);
    const failure = verify({ starts: [good], answer });
    await expect(failure).rejects.toThrow(/nothing was restarted.*scm.* answered 403.*Azure answered 403/);
    await expect(failure).rejects.toMatchObject({ next: expect.stringContaining('owner') });
  });

  test('whose last line is an error, after which nothing more is heard', async () => {
    expect(await verify({ starts: [refused.slice(0, 2)] })).toMatchObject({
      outcome: { kind: 'refused', cause: 'unauthorized' },
      elapsedMs: expect.closeTo(122_000, -4),
    });
  });
});

describe('several instances', () => {
  const slow = good.map(([ms, line]): Start[number] => [ms + 20_000, line]);
  const old: Start = [
    [1000, pulling],
    [2000, unauthorized],
    [2100, 'WARN  - Image pull failed. Defaulting to local copy if present.'],
    [2200, 'INFO  - Starting container for site'],
    [3000, ready],
  ];

  test('are proven when each has pulled', async () => {
    const { instances, outcome, elapsedMs } = await verify({
      starts: [good],
      machines: { a: good, b: slow },
    });
    expect(outcome).toMatchObject({ kind: 'serving', digest });
    expect(instances).toEqual({ count: 2, proven: 2, failedOn: null });
    expect(elapsedMs).toBeGreaterThanOrEqual(25_000);
  });
  test('are not, when one of them runs an old copy', async () => {
    expect(await verify({ starts: [good], machines: { a: good, b: old } })).toMatchObject({
      outcome: { kind: 'refused', localCopyServes: true },
      instances: { count: 2, failedOn: 'b' },
    });
  });
  test('and which of them are open is said where their logs cannot be told apart', async () => {
    const answer: Script['answer'] = (call) => (call === 'logs/docker' ? { status: 403 } : undefined);
    expect(await verify({ starts: [good], machines: { a: good, b: good, c: good }, answer })).toMatchObject({
      outcome: { kind: 'serving' },
      instances: { count: 3, proven: 1, failedOn: null },
      open: [expect.stringMatching(/^the pull on 2 of 3 instances: .* answered 403/)],
    });
  });
  test('that may not be listed stay open', async () => {
    const answer: Script['answer'] = (call) => (call === 'instances' ? { status: 403 } : undefined);
    expect((await verify({ starts: [good], answer })).open).toEqual([
      expect.stringContaining('other instances'),
    ]);
  });
});
