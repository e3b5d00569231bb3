import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RampUpRule } from './site.ts';
import { chooseRoute } from './traffic-routing.ts';

const rule = (name: string, reroutePercentage: number): RampUpRule => ({
  name,
  siteId: `/slots/${name}`,
  reroutePercentage,
});
const rules = [rule('staging', 15), rule('canary', 5), rule('hidden', 0)];
const cookieFor = (name: string) => `x-ms-routing-name=${name}; Max-Age=3600; Path=/; HttpOnly`;

test('without rules there is one way, and no cookie', () => {
  const request = { url: '/?x-ms-routing-name=staging', cookie: 'x-ms-routing-name=staging' };
  expect(chooseRoute([], request, () => 0)).toEqual({ siteId: undefined });
});

test.each<[random: number, name: string]>([
  [0, 'staging'],
  [0.149, 'staging'],
  [0.15, 'canary'],
  [0.199, 'canary'],
  [0.2, 'self'],
  [0.999, 'self'],
])('%d of all visitors leads to %s, and the cookie says so for an hour', (random, name) => {
  expect(chooseRoute(rules, { url: '/' }, () => random)).toEqual({
    siteId: name === 'self' ? undefined : `/slots/${name}`,
    setCookie: cookieFor(name),
  });
});

describe('a visitor', () => {
  const toStaging = () => 0;
  const siteId = (name: string) => (name === 'self' ? undefined : `/slots/${name}`);

  test.each<[what: string, url: string, cookie: string | undefined, name: string, isNew: boolean]>([
    ['is pinned by the cookie', '/', 'a=b; x-ms-routing-name=canary; c=d', 'canary', false],
    ['is pinned to production', '/', 'x-ms-routing-name=self', 'self', false],
    ['asks for a slot', '/?x-ms-routing-name=canary', undefined, 'canary', true],
    ['asks for one that gets nobody by itself', '/a?b=c&x-ms-routing-name=Hidden', undefined, 'hidden', true],
    ['asks to go back', '/?x-ms-routing-name=self', 'x-ms-routing-name=staging', 'self', true],
    ['asks for where he is', '/?x-ms-routing-name=canary', 'x-ms-routing-name=canary', 'canary', false],
    ['is drawn anew when his slot is gone', '/', 'x-ms-routing-name=gone', 'staging', true],
    ['is drawn when he asks for none of the rules', '/?x-ms-routing-name=gone', undefined, 'staging', true],
  ])('%s', (_what, url, cookie, name, isNew) => {
    expect(chooseRoute(rules, { url, cookie }, toStaging)).toEqual({
      siteId: siteId(name),
      ...(isNew ? { setCookie: cookieFor(name) } : {}),
    });
  });
});

test('who comes back with the cookie that he was given is led the same way', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.string(), (random, url) => {
      const first = chooseRoute(rules, { url }, () => random);
      const cookie = first.setCookie!.split(';')[0]!;
      expect(chooseRoute(rules, { url: '/', cookie }, () => 0.5)).toEqual({ siteId: first.siteId });
    }),
  );
});
