import { beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../test/manual-clock.ts';
import { createLifecycle, type Instance, type Lifecycle, pauseAfter } from './site-lifecycle.ts';

interface Attempt {
  signal: AbortSignal;
  succeed(): TestInstance;
  fail(): void;
}
interface TestInstance extends Instance {
  number: number;
  stopped: boolean;
  exit(): void;
}

let clock: ManualClock;
let attempts: Attempt[];
let exits: number[];
let site: Lifecycle<TestInstance>;

const settle = () => new Promise((resolve) => setImmediate(resolve));
const attempt = () => attempts.at(-1)!;

beforeEach(() => {
  clock = createManualClock();
  attempts = [];
  exits = [];
  site = createLifecycle<TestInstance>({
    clock,
    start: (signal) =>
      new Promise((resolve, reject) => {
        const number = attempts.length;
        attempts.push({
          signal,
          fail: () => reject(new Error('refused')),
          succeed() {
            let exit = () => {};
            const exited = new Promise<void>((done) => {
              exit = done;
            });
            const instance: TestInstance = {
              number,
              exited,
              exit,
              stopped: false,
              async stop() {
                instance.stopped = true;
                exit();
              },
            };
            resolve(instance);
            return instance;
          },
        });
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
    onExit: ({ number }) => exits.push(number),
  });
});

describe('a visitor', () => {
  test('wakes a sleeping site and waits for it', async () => {
    expect(site.state()).toBe('stopped');
    const visits = [site.wake(), site.wake()];
    await settle();
    expect([site.state(), attempts.length]).toEqual(['starting', 1]);
    const instance = attempt().succeed();
    expect(await Promise.all(visits)).toEqual([instance, instance]);
    expect(site.state()).toBe('running');
  });

  test('is turned away while a failed site rests, and starts it again afterwards', async () => {
    const visit = site.wake();
    await settle();
    attempt().fail();
    expect(await visit).toBeUndefined();
    expect(site.state()).toBe('failed');
    await clock.advance(pauseAfter(1) - 1);
    expect(await site.wake()).toBeUndefined();
    expect(attempts.length).toBe(1);
    await clock.advance(1);
    const second = site.wake();
    await settle();
    expect(attempts.length).toBe(2);
    const instance = attempt().succeed();
    expect(await second).toBe(instance);
  });

  test('who waits sees the start that superseded his', async () => {
    const visit = site.wake();
    await settle();
    site.restart();
    await settle();
    expect(attempts.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    const instance = attempt().succeed();
    expect(await visit).toBe(instance);
  });

  test('who waits is let go when the site is stopped', async () => {
    const visit = site.wake();
    await settle();
    await site.stop();
    expect(await visit).toBeUndefined();
    expect([site.state(), attempts.length]).toEqual(['stopped', 1]);
  });
});

describe('a restart', () => {
  test('stops the old container before it starts the new one', async () => {
    site.restart();
    await settle();
    const old = attempt().succeed();
    await settle();
    site.restart();
    await settle();
    expect([old.stopped, attempts.length, site.state()]).toEqual([true, 2, 'starting']);
    expect(exits).toEqual([]);
  });

  test('does not wait for the pause of a failed site', async () => {
    site.restart();
    await settle();
    attempt().fail();
    await settle();
    site.restart();
    await settle();
    expect([site.state(), attempts.length]).toEqual(['starting', 2]);
  });

  test('right after another leaves one start', async () => {
    for (let i = 0; i < 5; i++) site.restart();
    await settle();
    expect(attempts.filter(({ signal }) => !signal.aborted).length).toBe(1);
  });
});

describe('a swap', () => {
  const running = async () => {
    site.restart();
    await settle();
    const instance = attempt().succeed();
    await settle();
    return instance;
  };

  test('puts another instance in the place of the running one, whose end is nobody’s fault then', async () => {
    const other = await running();
    expect(site.release(other)).toBe(true);
    expect(site.state()).toBe('stopped');
    const before = await running();
    expect(site.replace(other)).toBe(before);
    expect([await site.wake(), before.stopped]).toEqual([other, false]);
    before.exit();
    await settle();
    expect([site.state(), exits]).toEqual(['running', []]);
    other.exit();
    await settle();
    expect([site.state(), exits]).toEqual(['failed', [other.number]]);
  });

  test('takes the place of a start that is under way, and of who waits for it', async () => {
    const other = await running();
    site.release(other);
    const visit = site.wake();
    await settle();
    site.replace(other);
    expect(await visit).toBe(other);
    expect(attempt().signal.aborted).toBe(true);
  });

  test('takes no instance that runs no more', async () => {
    const instance = await running();
    await running();
    expect(site.release(instance)).toBe(false);
    expect(site.state()).toBe('running');
  });
});

test('a container that ends by itself makes the site failed', async () => {
  site.restart();
  await settle();
  const instance = attempt().succeed();
  await settle();
  instance.exit();
  await settle();
  expect([site.state(), exits]).toEqual(['failed', [0]]);
});

test('a container that started too late for its start is stopped', async () => {
  const clockless = createManualClock();
  let finish = (_: Instance) => {};
  let stopped = false;
  const late = createLifecycle<Instance>({
    clock: clockless,
    start: () => new Promise((resolve) => (finish = resolve)),
    onExit: () => {},
  });
  late.restart();
  await settle();
  const gone = late.stop();
  finish({
    exited: new Promise(() => {}),
    stop: async () => {
      stopped = true;
    },
  });
  await gone;
  expect([stopped, late.state()]).toEqual([true, 'stopped']);
});

test('pauses grow up to five minutes', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 30].map((failures) => pauseAfter(failures) / 1000)).toEqual([
    5, 10, 20, 40, 80, 160, 300, 300, 300,
  ]);
});
