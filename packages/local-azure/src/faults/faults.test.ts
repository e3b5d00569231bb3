import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../test/manual-clock.ts';
import { createFaults } from './faults.ts';
import { logLines, registryRequests } from './places.ts';

const request = (registry = 'hoge') => ({
  method: 'GET',
  path: '/v2/',
  host: `${registry}.azurecr.io`,
  registry,
});

function open(...texts: string[]) {
  const clock = createManualClock();
  const faults = createFaults(clock, texts);
  /** What befalls a request. */
  const strike = (registry?: string) =>
    faults.strike(registryRequests, request(registry)).map(({ effect }) => effect.kind);
  return { clock, faults, strike };
}

test('where no fault is set, none strikes', () => {
  const { faults, strike } = open('lost-log-lines');
  expect(faults.areAt(registryRequests)).toBe(false);
  expect(faults.areAt(logLines)).toBe(true);
  expect(strike()).toEqual([]);
});

test('several strike in the order in which they were set', () => {
  const { strike } = open(
    'slow-pull',
    'registry-outage',
    'registry-throttling,limit=0',
    'registry-outage,answer=none',
  );
  expect(strike()).toEqual(['answer', 'answer', 'silence']);
});

test('one is limited to a resource, a count and a span of time', () => {
  const { clock, faults, strike } = open('registry-outage,registry=hoge,in=10s,for=30s,count=2');
  const state = () => faults.list()[0];
  expect([strike(), state()]).toEqual([
    [],
    { id: '1', fault: 'registry-outage,registry=hoge,in=10s,for=30s,count=2', struck: 0, state: 'waiting' },
  ]);
  clock.advance(10_000);
  expect([strike('other'), strike(), state()?.state]).toEqual([[], ['answer'], 'in force']);
  expect([strike(), strike(), state()]).toEqual([
    ['answer'],
    [],
    expect.objectContaining({ struck: 2, state: 'over' }),
  ]);

  const timed = open('registry-outage,for=30s');
  timed.clock.advance(29_999);
  expect(timed.strike()).toEqual(['answer']);
  timed.clock.advance(1);
  expect(timed.strike()).toEqual([]);
});

test('faults are added and cleared, one by its id or all', () => {
  const { faults, strike } = open('registry-outage');
  const { id } = faults.add('registry-outage,answer=none');
  expect(id).toBe('2');
  expect(faults.clear('1')).toMatchObject([{ id: '1', fault: 'registry-outage' }]);
  expect(strike()).toEqual(['silence']);
  expect(() => faults.clear('1')).toThrow("No fault has the id '1'");
  expect(faults.clear()).toHaveLength(1);
  expect(faults.list()).toEqual([]);
  expect(faults.add('registry-outage').id).toBe('3');
});

test('a fault at start that is written wrongly keeps all from starting', () => {
  expect(() => open('registry-outage', 'registry-outage,for=ever')).toThrow('for: it must be a time');
});

describe('the decisions of a fault', () => {
  const texts = fc
    .tuple(fc.integer({ min: 0, max: 999_999_999 }), fc.integer({ min: 0, max: 100 }))
    .map(([seed, percent]) => `registry-outage,registry=hoge,probability=${percent}%,seed=${seed}`);

  test('are the same for the same seed and order of requests, whatever happens elsewhere', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.constantFrom('hoge', 'other')), (text, requests) => {
        const [all, alone] = [open('slow-pull', text), open(text)];
        const seen = requests.map((name) => [name, all.strike(name)]).filter(([name]) => name === 'hoge');
        expect(seen.map(([, struck]) => struck)).toEqual(seen.map(() => alone.strike()));
      }),
    );
  });

  test('come as often as their probability says', () => {
    const { strike } = open('registry-outage,probability=30%,seed=42');
    const struck = Array.from({ length: 10_000 }, () => strike().length).filter((count) => count > 0);
    expect(struck.length / 10_000).toBeCloseTo(0.3, 1);
    for (const [probability, count] of [
      ['0%', 0],
      ['100%', 50],
    ] as const) {
      const sure = open(`registry-outage,probability=${probability}`);
      expect(Array.from({ length: 50 }, () => sure.strike()).flat()).toHaveLength(count);
    }
  });
});
