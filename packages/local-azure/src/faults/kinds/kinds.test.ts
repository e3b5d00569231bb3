import { describe, expect, test } from 'vitest';
import type { HttpOccasion } from '../http-effect.ts';
import { parseFault } from '../parse-fault.ts';
import {
  type AnyPlace,
  entraRequests,
  grantsMade,
  identityTokens,
  kuduRequests,
  logLines,
  registryRequests,
  resourceManagerRequests,
} from '../places.ts';

const now = Date.UTC(2026, 10, 23);

/** What a fault does at a place with each of the occasions, in turn. */
function effectsOf(text: string, place: AnyPlace, occasions: [occasion: object, now?: number][]): unknown[] {
  const { kind, values } = parseFault(text);
  const strike = kind.strikes(values).find((one) => one.place === place)!;
  return occasions.map(([occasion, at = now]) => strike.effect(occasion as never, at));
}

const registry = (path: string, more: Partial<HttpOccasion> = {}): HttpOccasion => ({
  method: 'GET',
  path,
  host: 'hoge.azurecr.io',
  registry: 'hoge',
  ...more,
});
const digest = `sha256:${'a'.repeat(64)}`;
const blob = registry(`/v2/team/app/blobs/${digest}`);
const manifest = registry('/v2/team/app/manifests/1');
const answered = (status: number) => expect.objectContaining({ kind: 'answer', status });

test.each<[text: string, place: AnyPlace, occasion: object, effect: unknown]>([
  ['role-assignment-delay,delay=20s', grantsMade, { madeOn: now }, 20_000],
  ['role-assignment-delay,delay=20s', grantsMade, { madeOn: now - 19_999 }, 20_000],
  ['role-assignment-delay,delay=20s', grantsMade, { madeOn: now - 20_000 }, undefined],
  ['registry-outage', registryRequests, manifest, answered(503)],
  ['registry-outage,answer=none', registryRequests, manifest, { kind: 'silence' }],
  ['slow-pull,rate=2kB', registryRequests, blob, { kind: 'slow', bytesPerSecond: 2000 }],
  ['slow-pull,rate=2kB', registryRequests, manifest, undefined],
  ['interrupted-pull,after=25%', registryRequests, blob, { kind: 'cut', share: 0.25 }],
  ['interrupted-pull', registryRequests, { ...blob, method: 'HEAD' }, undefined],
  ['interrupted-pull', registryRequests, registry('/v2/app/blobs/uploads/'), undefined],
  [
    'interrupted-pull',
    registryRequests,
    registry('/x', { host: 'hoge.japaneast.data.azurecr.io' }),
    { kind: 'cut', share: 0.5 },
  ],
  ['lost-log-lines', logLines, {}, { kind: 'lose' }],
  ['late-log-lines,delay=2s', logLines, {}, { kind: 'wait', ms: 2000 }],
  ['log-stream-drop,after=1m', kuduRequests, { path: '/api/logstream' }, { kind: 'drop', ms: 60_000 }],
  ['log-stream-drop', kuduRequests, { path: '/api/logs/docker' }, undefined],
  ['resource-manager-outage,answer=502', resourceManagerRequests, {}, answered(502)],
  ['resource-manager-outage,answer=none', resourceManagerRequests, {}, { kind: 'silence' }],
  ['resource-manager-delay,delay=2s', resourceManagerRequests, {}, { kind: 'wait', ms: 2000 }],
  ['resource-manager-cut,after=0.9', resourceManagerRequests, {}, { kind: 'cut', share: 0.9 }],
  ['entra-outage', entraRequests, {}, answered(503)],
  ['entra-outage,answer=none', entraRequests, {}, { kind: 'silence' }],
  ['entra-outage,answer=none', identityTokens, {}, expect.objectContaining({ kind: 'refuse' })],
  ['entra-delay,delay=2s', entraRequests, {}, { kind: 'wait', ms: 2000 }],
  ['entra-delay,delay=2s', identityTokens, {}, { kind: 'wait', ms: 2000 }],
])('%s', (text, place, occasion, effect) => {
  expect(effectsOf(text, place, [[occasion]])).toEqual([effect]);
});

describe('throttling', () => {
  const throttled = (retryAfter: string) =>
    expect.objectContaining({
      status: 429,
      headers: expect.objectContaining({ 'retry-after': retryAfter }),
    });

  test('of a registry is by the minute, and by registry', () => {
    const other = registry('/v2/', { registry: 'other' });
    expect(
      effectsOf('registry-throttling,limit=2', registryRequests, [
        [blob],
        [manifest],
        [manifest, now + 12_000],
        [other, now + 12_000],
        [manifest, now + 30_000],
        [manifest, now + 30_000],
      ]),
    ).toEqual([undefined, undefined, throttled('18'), undefined, undefined, throttled('30')]);
  });

  test.each([
    ['Basic', 1000],
    ['Standard', 3000],
    ['Premium', 10_000],
  ])('of a %s registry is at %i requests a minute', (sku, limit) => {
    const requests = Array.from({ length: limit + 1 }, (): [object] => [registry('/v2/', { sku })]);
    const effects = effectsOf('registry-throttling', registryRequests, requests);
    expect(effects.filter((effect) => effect === undefined)).toHaveLength(limit);
    expect(effects.at(-1)).toEqual(throttled('1'));
  });

  test('of Resource Manager is by a bucket that fills again', () => {
    const read = { method: 'GET', path: '/subscriptions/s/resourceGroups' };
    const effects = effectsOf('resource-manager-throttling,bucket=2,refill=1', resourceManagerRequests, [
      [read],
      [read],
      [read],
      [read, now + 1000],
      [{ method: 'PUT', path: '/subscriptions/s/resourceGroups/g' }, now + 1000],
      [{ method: 'GET', path: '/tenants' }, now + 1000],
    ]);
    expect(effects).toEqual([
      undefined,
      undefined,
      throttled('1'),
      undefined,
      throttled('1'),
      throttled('1'),
    ]);
    const remaining = effects.flatMap((effect) =>
      Object.keys((effect as { headers?: object })?.headers ?? {}),
    );
    expect(remaining.filter((name) => name.startsWith('x-ms-ratelimit'))).toEqual([
      'x-ms-ratelimit-remaining-subscription-reads',
      'x-ms-ratelimit-remaining-subscription-writes',
      'x-ms-ratelimit-remaining-tenant-reads',
    ]);
  });

  test('says to come back when it is told to', () => {
    expect(
      effectsOf('resource-manager-throttling,retry-after=90s', resourceManagerRequests, [
        [{ method: 'GET', path: '/subscriptions/s' }],
      ]),
    ).toEqual([throttled('90')]);
    expect(
      effectsOf('registry-throttling,limit=0,retry-after=1500ms', registryRequests, [[manifest]]),
    ).toEqual([throttled('2')]);
  });
});
