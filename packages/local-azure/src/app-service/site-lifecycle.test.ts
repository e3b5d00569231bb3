import { beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../test/manual-clock.ts';
import { createLifecycle, type Instance, type Lifecycle } from './site-lifecycle.ts';

interface Attempt {
  signal: AbortSignal;
  succeed(): TestInstance;
  fail(): void;
}
interface TestInstance extends Instance {
  number: number;
  stopped: boolean;
  /** What it does when its visitors have gone. */
  retired: boolean;
  busy: boolean;
  exit(): void;
}

let clock: ManualClock;
let attempts: Attempt[];
let exits: number[];
let told: string[];
let alwaysOn: boolean;
let site: Lifecycle<TestInstance>;

const settle = () => new Promise((resolve) => setImmediate(resolve));
const attempt = () => attempts.at(-1)!;
const restart = (overlapped = false) => site.restart({ overlapped });
/** An instance that runs. */
async function running(): Promise<TestInstance> {
  restart();
  await settle();
  const instance = attempt().succeed();
  await settle();
  return instance;
}
const minutes = 60_000;

beforeEach(() => {
  clock = createManualClock();
  attempts = [];
  exits = [];
  told = [];
  alwaysOn = false;
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
              retired: false,
              busy: false,
              isBusy: () => instance.busy,
              async retire() {
                instance.retired = true;
              },
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
    onIdle: () => told.push('idle'),
    onBlocked: (ms) => told.push(`blocked for ${ms / 1000} s`),
    alwaysOn: () => alwaysOn,
  });
});

describe('a visitor', () => {
  test('wakes a sleeping site and waits for it', async () => {
    expect(site.state()).toBe('idle');
    const visits = [site.wake(), site.wake()];
    await settle();
    expect([site.state(), attempts.length]).toEqual(['starting', 1]);
    const instance = attempt().succeed();
    expect(await Promise.all(visits)).toEqual([instance, instance]);
    expect(site.state()).toBe('running');
  });

  test('is turned away while a failed site rests', async () => {
    const visit = site.wake();
    await settle();
    attempt().fail();
    expect(await visit).toBeUndefined();
    expect(site.state()).toBe('failed');
    expect([await site.wake(), attempts.length]).toEqual([undefined, 1]);
  });

  test('is served by what runs while it is replaced; who wants the latest waits for it', async () => {
    const first = await running();
    restart(true);
    await settle();
    const latest = site.latest();
    expect(await site.wake()).toBe(first);
    const second = attempt().succeed();
    expect(await latest).toBe(second);
    expect(await site.latest()).toBe(second);
  });

  test('who waits sees the start that superseded his', async () => {
    const visit = site.wake();
    await settle();
    restart();
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
    expect([site.state(), attempts.length]).toEqual(['idle', 1]);
  });
});

describe('a restart', () => {
  test('that does not overlap stops the old container before it starts the new one', async () => {
    const old = await running();
    restart();
    await settle();
    expect([old.stopped, attempts.length, site.state()]).toEqual([true, 2, 'starting']);
    expect(exits).toEqual([]);
  });

  test('that overlaps lets the old container serve until the new one does, and its visitors leave in peace', async () => {
    const old = await running();
    const restarted = restart(true);
    await settle();
    expect([site.state(), await site.wake(), old.retired]).toEqual(['updating', old, false]);
    const instance = attempt().succeed();
    await restarted;
    expect([site.state(), await site.wake()]).toEqual(['running', instance]);
    expect([old.retired, old.stopped, exits]).toEqual([true, false, []]);
  });

  test('that overlaps and fails ends the old container, too', async () => {
    const old = await running();
    const restarted = restart(true);
    await settle();
    attempt().fail();
    await restarted;
    expect([site.state(), old.retired, await site.wake()]).toEqual(['failed', true, undefined]);
  });

  test('that overlaps another one keeps what serves', async () => {
    const old = await running();
    const restarts = [restart(true)];
    await settle();
    restarts.push(restart(true));
    await settle();
    expect([attempts.map(({ signal }) => signal.aborted), await site.wake()]).toEqual([
      [false, true, false],
      old,
    ]);
    const instance = attempt().succeed();
    await Promise.all(restarts);
    expect(await site.wake()).toBe(instance);
  });

  test('whose old container ends by itself lets visitors wait for the new one', async () => {
    const old = await running();
    restart(true);
    await settle();
    old.exit();
    await settle();
    expect([site.state(), exits]).toEqual(['starting', [0]]);
    const visit = site.wake();
    const instance = attempt().succeed();
    expect(await visit).toBe(instance);
  });

  test('does not wait for the pause of a failed site', async () => {
    restart();
    await settle();
    attempt().fail();
    await settle();
    restart();
    await settle();
    expect([site.state(), attempts.length]).toEqual(['starting', 2]);
  });

  test('right after another leaves one start', async () => {
    for (let i = 0; i < 5; i++) restart();
    await settle();
    expect(attempts.filter(({ signal }) => !signal.aborted).length).toBe(1);
  });
});

describe('a site that fails', () => {
  /** Lets the time pass by which the next attempt is made, and that attempt fail. */
  async function failAfter(ms: number): Promise<string> {
    const before = attempts.length;
    await clock.advance(ms - 1);
    expect(attempts.length).toBe(before);
    await clock.advance(1);
    await settle();
    expect(attempts.length).toBe(before + 1);
    attempt().fail();
    await settle();
    return site.state();
  }

  test('is tried again by itself, after pauses that grow, and is blocked in the end', async () => {
    alwaysOn = true;
    restart();
    await settle();
    attempt().fail();
    await settle();
    const states = [];
    for (const seconds of [5, 10, 20, 40, 300, 300]) states.push(await failAfter(seconds * 1000));
    expect(states).toEqual(['failed', 'failed', 'failed', 'blocked', 'blocked', 'blocked']);
    expect(told).toEqual(['blocked for 300 s', 'blocked for 300 s', 'blocked for 300 s']);
    expect(await site.wake()).toBeUndefined();
    // A restart ends it.
    restart();
    await settle();
    attempt().fail();
    await settle();
    expect(site.state()).toBe('failed');
  });

  test('when its container ends soon after each start, is a loop; when it ends after a while, is not', async () => {
    for (const [number, pause] of [5, 10, 20].entries()) {
      if (number === 0) restart();
      await settle();
      attempt().succeed().exit();
      await settle();
      expect(site.state()).toBe('failed');
      await clock.advance(pause * 1000);
    }
    await settle();
    const instance = attempt().succeed();
    await settle();
    await clock.advance(minutes);
    instance.exit();
    await settle();
    await clock.advance(5_000);
    await settle();
    expect([site.state(), exits]).toEqual(['starting', [0, 1, 2, 3]]);
  });
});

describe('a site that nobody visits for 20 minutes', () => {
  test('ends, and the next visitor starts it', async () => {
    const instance = await running();
    await clock.advance(19 * minutes);
    await site.wake();
    await clock.advance(20 * minutes - 1);
    expect(site.state()).toBe('running');
    await clock.advance(1);
    expect([site.state(), instance.stopped, exits, told]).toEqual(['idle', true, [], ['idle']]);
    const visit = site.wake();
    await settle();
    const next = attempt().succeed();
    expect(await visit).toBe(next);
  });

  test('stays while it still serves a visitor who came before', async () => {
    const instance = await running();
    instance.busy = true;
    await clock.advance(25 * minutes);
    await clock.advance(20 * minutes);
    expect(site.state()).toBe('running');
    instance.busy = false;
    await clock.advance(20 * minutes);
    expect(site.state()).toBe('idle');
  });

  test('stays when it is always on', async () => {
    alwaysOn = true;
    await running();
    await clock.advance(60 * minutes);
    expect(site.state()).toBe('running');
  });

  test('is not tried again when it had failed', async () => {
    restart();
    await settle();
    for (const seconds of [5, 10, 20, 40, 300, 300, 300, 300, 300]) {
      attempt().fail();
      await settle();
      await clock.advance(seconds * 1000);
      await settle();
    }
    const made = attempts.length;
    expect(site.state()).toBe('idle');
    await clock.advance(60 * minutes);
    expect(attempts.length).toBe(made);
  });
});

describe('a swap', () => {
  test('puts another instance in the place of the running one, whose end is nobody’s fault then', async () => {
    const other = await running();
    expect(site.release(other)).toBe(true);
    expect(site.state()).toBe('idle');
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
  restart();
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
    onIdle: () => {},
    onBlocked: () => {},
    alwaysOn: () => true,
  });
  late.restart({ overlapped: false });
  await settle();
  const gone = late.stop();
  finish({
    exited: new Promise(() => {}),
    isBusy: () => false,
    retire: async () => {},
    stop: async () => {
      stopped = true;
    },
  });
  await gone;
  expect([stopped, late.state()]).toEqual([true, 'idle']);
});
