import { createHttpHeaders, createPipelineRequest, type HttpMethods } from '@azure/core-rest-pipeline';
import { describe, expect, test } from 'vitest';
import { createVirtualClock } from '../../test/virtual-clock.ts';
import type { Clock } from '../clock.ts';
import type { Http } from './http.ts';
import { createPace } from './pace.ts';

const read = 'https://management.azure.com/subscriptions/s/resourceGroups';

/** A Resource Manager with a bucket of its own, which is watched; each call takes a tenth of a second. */
function createSetting({ size = 250, refillPerSecond = 25, tells = true } = {}) {
  const clock: Clock = createVirtualClock();
  const startedOn = clock.now();
  const pace = createPace(clock);
  const left = new Map<string, { tokens: number; at: number }>();
  let refused = 0;
  const http: Http = async (method, url) => {
    await clock.sleep(50);
    const key = `${method === 'GET'} ${/subscriptions\/[^/]+/.exec(url)}`;
    const { tokens, at } = left.get(key) ?? { tokens: size, at: clock.now() };
    const now = Math.min(size, tokens + ((clock.now() - at) / 1000) * refillPerSecond);
    const isRefused = now < 1;
    left.set(key, { tokens: isRefused ? now : now - 1, at: clock.now() });
    if (isRefused) refused += 1;
    const name = `x-ms-ratelimit-remaining-subscription-${method === 'GET' ? 'reads' : 'writes'}`;
    const headers = createHttpHeaders({
      ...(tells && { [name]: String(Math.floor(isRefused ? 0 : now - 1)) }),
      ...(isRefused && { 'retry-after': '1' }),
    });
    await clock.sleep(50);
    const answer = {
      request: createPipelineRequest({ url, method }),
      status: isRefused ? 429 : 200,
      headers,
    };
    pace.observe(answer);
    return answer;
  };
  const calling = pace.keep(http);
  return {
    elapsed: () => (clock.now() - startedOn) / 1000,
    refused: () => refused,
    /** By 32 at a time, as a survey does. */
    async call(count: number, method: HttpMethods = 'GET', url = read) {
      const numbers = Array.from({ length: count }).values();
      const statuses: number[] = [];
      const worker = async () => {
        for (const _ of numbers) statuses.push((await calling(method, url)).status);
      };
      await Promise.all(Array.from({ length: 32 }, worker));
      return new Set(statuses);
    },
  };
}

describe('within the limits of Resource Manager', () => {
  test('a bucket of reads goes at once, and the rest as it is filled again: nothing is refused', async () => {
    const { call, elapsed, refused } = createSetting();
    expect(await call(500)).toEqual(new Set([200]));
    expect(refused()).toBe(0);
    // 250 of 500 wait for 25 a second.
    expect(elapsed()).toBeGreaterThan(9);
    expect(elapsed()).toBeLessThan(13);
  });

  test('few calls do not wait at all', async () => {
    const { call, elapsed } = createSetting();
    await call(32);
    expect(elapsed()).toBeCloseTo(0.1);
  });

  test('writes, and other subscriptions, have buckets of their own', async () => {
    const { call, elapsed } = createSetting({ size: 200, refillPerSecond: 10 });
    await Promise.all([call(190), call(190, 'POST'), call(190, 'GET', read.replace('/s/', '/t/'))]);
    expect(elapsed()).toBeLessThan(5);
  });

  test('one that has less left than is published, since others use it too, is believed', async () => {
    const { call, refused } = createSetting({ size: 100 });
    await call(300);
    expect(refused()).toBe(0);
  });

  test('one that refuses for no known reason is waited for as long as it asks', async () => {
    const { call } = createSetting({ size: 50, refillPerSecond: 25, tells: false });
    expect(await call(200)).toEqual(new Set([200]));
  });
});

test('what goes on being refused is handed over in the end', async () => {
  const { call } = createSetting({ size: 0, refillPerSecond: 0, tells: false });
  expect(await call(1)).toEqual(new Set([429]));
});
