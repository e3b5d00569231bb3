import { describe, expect, test } from 'vitest';
import { digest, gaveUp, pulling } from '../../test/log-words.ts';
import type { Script, Start } from '../../test/scripted-azure.ts';
import { diagnosisOf, good, granted, refused, verify } from '../../test/scripted-verify.ts';
import type { Changes } from '../../test/snapshots.ts';
import { Unreachable } from '../azure/unreachable.ts';
import { known } from '../pull-path/snapshot.ts';
import type { VerifyOptions } from './verify-site.ts';

test('serving: pulled, started and answered, and nothing but the start is waited for', async () => {
  expect(await verify({ starts: [good] })).toMatchObject({
    outcome: { kind: 'serving', digest, status: 200, firstLine: 'hello', shut: null },
    attempts: 1,
    elapsedMs: 5000,
    instances: { count: 1, proven: 1, failedOn: null },
    open: [],
  });
});

describe('a refusal', () => {
  test('while the grant is young is retried with growing pauses, and says so', async () => {
    const { outcome, attempts, waits } = await verify(
      { starts: [refused, refused, good] },
      {},
      diagnosisOf(granted(60)),
    );
    expect(outcome).toMatchObject({ kind: 'serving' });
    expect(attempts).toBe(3);
    expect(waits).toContain('the grant to propagate: refused once, granted 1 min 2 s ago');
    expect(waits).toContain('the grant to propagate: refused 2 times, granted 1 min 7 s ago');
  });

  test.each([-3600_000, 3600_000])('counts the grant’s age by Azure’s clock: %i ms off', async (skewMs) => {
    const young = diagnosisOf(granted(60, skewMs));
    expect((await verify({ starts: [refused, good], skewMs }, {}, young)).attempts).toBe(2);
    const old = diagnosisOf(granted(31 * 60, skewMs));
    expect((await verify({ starts: [refused, good], skewMs }, {}, old)).attempts).toBe(1);
  });

  test('is no propagation once the window is over: it stops', async () => {
    const { outcome, elapsedMs } = await verify(
      { starts: [refused] },
      { timeoutMs: 7_200_000 },
      diagnosisOf(granted(20 * 60)),
    );
    expect(outcome).toMatchObject({ kind: 'refused', cause: 'unauthorized' });
    expect(elapsedMs).toBeGreaterThan(9 * 60_000);
    expect(elapsedMs).toBeLessThan(12 * 60_000);
  });

  test('ends with the time that it has', async () => {
    const { outcome, elapsedMs } = await verify(
      { starts: [refused] },
      { timeoutMs: 60_000 },
      diagnosisOf(granted(0)),
    );
    expect(outcome).toMatchObject({ kind: 'refused' });
    expect(elapsedMs).toBeLessThanOrEqual(60_000);
  });

  test('is judged by what is there then: a link that broke meanwhile ends it', async () => {
    const broken = diagnosisOf({ grants: [] });
    const { attempts, diagnosis } = await verify(
      { starts: [refused] },
      { readAgain: async () => broken },
      diagnosisOf(granted(10)),
    );
    expect(attempts).toBe(1);
    expect(diagnosis.firstBroken).toBe('grant');
  });

  test('of two restarts that race is tried again, but not for ever', async () => {
    const interrupted: Start = [
      [500, pulling],
      [900, 'Container pull image interrupted. Revert by terminate.'],
      [950, gaveUp],
    ];
    expect((await verify({ starts: [interrupted, good] })).outcome).toMatchObject({ kind: 'serving' });
    expect(await verify({ starts: [interrupted] })).toMatchObject({
      outcome: { kind: 'refused', cause: 'interrupted' },
      attempts: 4,
    });
  });
});

describe('the answer', () => {
  const visited = async (visit: Script['visit']) => (await verify({ starts: [good], visit: visit! })).outcome;

  test.each([401, 302, 404])(
    'HTTP %i is one: somebody asks for a sign-in, or the app has no such page',
    async (status) => {
      expect(await visited(() => ({ status }))).toMatchObject({ kind: 'serving', status });
    },
  );
  test('HTTP 500 is the app’s', async () => {
    expect(await visited(() => ({ status: 500 }))).toMatchObject({
      kind: 'not-answering',
      reason: 'HTTP 500',
    });
  });
  test('a front end that lags is given a while', async () => {
    expect(await visited((n) => ({ status: n < 6 ? 503 : 200 }))).toMatchObject({ kind: 'serving' });
    expect(await visited(() => ({ status: 503 }))).toMatchObject({
      kind: 'not-answering',
      reason: 'HTTP 503',
    });
  });
  test('who is not let in has the platform’s own probe', async () => {
    const closed = { status: 403, headers: { 'x-ms-forbidden-ip': '203.0.113.7' } };
    expect(await visited(() => closed)).toMatchObject({
      kind: 'serving',
      shut: 'HTTP 403, access is closed to 203.0.113.7',
    });
    expect(
      await visited(() => new Unreachable('a.azurewebsites.net', '', { noSuchHost: true })),
    ).toMatchObject({
      kind: 'serving',
      status: null,
      shut: 'a.azurewebsites.net: no such host',
    });
  });
});

describe('nothing happened', () => {
  test('since the site is stopped: it is not touched', async () => {
    const { outcome, calls } = await verify(
      { starts: [good] },
      {},
      diagnosisOf({ site: { state: 'Stopped' } }),
    );
    expect(outcome).toEqual({ kind: 'nothing-happened', reason: 'the site is stopped', stopped: true });
    expect(calls).toEqual([]);
  });

  test.each([
    ['Stopped', 'Normal', 'the site is stopped'],
    ['QuotaExceeded', 'Exceeded', 'its plan has used up its quota'],
  ])('since it was stopped meanwhile: %s', async (state, usageState, reason) => {
    const body = JSON.stringify({ properties: { state, usageState } });
    const { outcome, elapsedMs } = await verify({
      starts: [[]],
      answer: (call) => (call === '' ? { status: 200, body } : undefined),
    });
    expect(outcome).toMatchObject({ kind: 'nothing-happened', reason });
    expect(elapsedMs).toBeLessThan(45_000);
  });

  test('for no reason that the site shows: what Azure tells of its runtime is read anew', async () => {
    const siteStatus = known([{ instanceId: 'i', state: 'Blocked', lastError: 'ImagePullFailure' }]);
    const blocked = diagnosisOf({ site: { siteStatus } });
    const { outcome, diagnosis } = await verify(
      { starts: [[]] },
      { timeoutMs: 60_000, readAgain: async () => blocked },
    );
    expect(outcome).toMatchObject({ kind: 'nothing-happened', reason: expect.stringContaining('no pull') });
    expect(diagnosis).toBe(blocked);
  });

  test('as there is no image', async () => {
    const start: Start = [[10, 'ERROR - Site not started: linuxFxVersion is empty']];
    expect((await verify({ starts: [start] })).outcome).toMatchObject({
      kind: 'nothing-happened',
      reason: expect.stringContaining('linuxFxVersion is empty'),
    });
  });

  test.each<[string, Changes['site'], string]>([
    [
      'without a container',
      { config: { linuxFxVersion: 'NODE|20-lts' } },
      'hoge-app is no container app: linuxFxVersion is NODE|20-lts.',
    ],
    ['on Windows', { platform: 'windows' }, 'hoge-app is a Windows site'],
  ])('a site %s is told apart before', async (_, site, message) => {
    const failure = verify({ starts: [good] }, {}, diagnosisOf({ site: site! }));
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toMatchObject({ next: expect.any(String) });
  });
});

test('timed out, with what it waited for', async () => {
  expect((await verify({ starts: [good.slice(0, 3)] }, { timeoutMs: 30_000 })).outcome).toEqual({
    kind: 'timed-out',
    waitedFor: 'the container to start',
  });
});

describe('the image that is expected', () => {
  const other = `sha256:${'c'.repeat(64)}`;
  const nameless = good.filter(([, line]) => !line.includes('Digest'));
  test('is told by the log', async () => {
    expect(await verify({ starts: [good] }, { digest })).toMatchObject({
      outcome: { kind: 'serving' },
      open: [],
    });
    expect((await verify({ starts: [good] }, { digest: other })).outcome).toEqual({
      kind: 'other-image',
      digest,
      expected: other,
    });
  });
  test('or by the registry, when the tag led to it before and after', async () => {
    const tagged = (value: string) => diagnosisOf({ manifest: known({ digest: value, mediaType: '' }) });
    const run = (after: string) =>
      verify({ starts: [nameless] }, { digest, readAgain: async () => tagged(after) }, tagged(digest));
    expect(await run(digest)).toMatchObject({ outcome: { kind: 'serving' }, open: [] });
    expect(await run(other)).toMatchObject({
      outcome: { kind: 'serving' },
      open: [expect.stringContaining('which image')],
    });
  });
});

describe('what is done to the site', () => {
  const states = async (options: Partial<VerifyOptions>, script: Partial<Script> = {}) => {
    const seen: string[] = [];
    const verified = verify(
      { starts: [good], ...script },
      { ...options, onChange: (state) => seen.push(state) },
    );
    const failure = await verified.then(
      () => undefined,
      (error) => error,
    );
    const calls = await verified.then(
      ({ calls }) => calls.filter((it) => /^(re)?start$|^stop$/.test(it)),
      () => [],
    );
    return { seen, failure, calls };
  };

  test('is a restart, or a stop and a start', async () => {
    expect((await states({})).calls).toEqual(['restart']);
    expect((await states({ startsBy: 'stop-start' })).calls).toEqual(['stop', 'start']);
  });
  test('is asked for again when the answer was lost', async () => {
    const lost: Script['answer'] = (call, n) =>
      call === 'restart' && n === 1 ? new Unreachable('management', 'aborted') : undefined;
    expect((await states({}, { answer: lost })).seen).toEqual([
      'was asked to restart, and whether Azure has heard it is not known',
      'was restarted, which goes on by itself',
    ]);
  });
  test('is said when Azure refuses half of it', async () => {
    const refuse: Script['answer'] = (call) => (call === 'start' ? { status: 403 } : undefined);
    const { seen, failure } = await states({ startsBy: 'stop-start' }, { answer: refuse });
    expect(seen).toEqual(['was stopped']);
    expect(failure).toMatchObject({
      message: expect.stringContaining('stopped now'),
      next: 'az webapp start -g blog -n hoge-app',
    });
  });
  test('is finished, whoever interrupts', async () => {
    const stop = new AbortController();
    const interrupt: Script['answer'] = (call) => {
      if (call === 'stop') stop.abort(new Error('interrupted'));
      return undefined;
    };
    const { seen, failure } = await states(
      { startsBy: 'stop-start', signal: stop.signal },
      { answer: interrupt },
    );
    expect(seen).toEqual(['was stopped', 'was stopped and started, which goes on by itself']);
    expect(failure).toMatchObject({ message: 'interrupted' });
  });
});
