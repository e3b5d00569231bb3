import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAzureClock } from './azure-clock.ts';

const header = (time: number) => new Date(Math.floor(time / 1000) * 1000).toUTCString();

test('is never ahead of Azure, and after a few answers hardly behind, however wrong this machine is', () => {
  const delays = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 20 });
  const skew = fc.integer({ min: -1e10, max: 1e10 });
  fc.assert(
    fc.property(skew, delays, (skew, delays) => {
      let time = Date.parse('2026-01-01T00:00:00.500Z');
      const clock = createAzureClock(() => time + skew);
      for (const delay of delays) {
        const written = time;
        time += delay;
        clock.observe(header(written));
        expect(clock.now()).toBeLessThanOrEqual(time);
        expect(clock.now()).toBeGreaterThan(time - 1000 - delay);
        time += 777;
      }
    }),
  );
});

test('is this machine’s until Azure has said something that is a date', () => {
  const clock = createAzureClock(() => 5);
  clock.observe(undefined);
  clock.observe('soon');
  expect(clock.now()).toBe(5);
});
