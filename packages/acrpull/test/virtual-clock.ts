import type { Clock } from '../src/clock.ts';

/**
 * A clock that jumps: whenever everybody sleeps, it is the time at which the first one wakes up. For code whose only
 * I/O is made up in memory.
 */
export function createVirtualClock(start = Date.parse('2026-01-01T12:00:00.000Z')): Clock {
  let now = start;
  let sleepers: { at: number; wake(): void }[] = [];
  let ticking = false;

  function tick(): void {
    if (ticking) return;
    ticking = true;
    // Two turns: in the first one, what has just been woken does all that it can.
    setImmediate(() =>
      setImmediate(() => {
        ticking = false;
        const next = sleepers.sort((a, b) => a.at - b.at)[0];
        if (!next) return;
        now = Math.max(now, next.at);
        next.wake();
        tick();
      }),
    );
  }

  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const leave = () => {
          sleepers = sleepers.filter((it) => it !== sleeper);
          signal?.removeEventListener('abort', onAbort);
        };
        const onAbort = () => {
          leave();
          reject(signal!.reason);
        };
        const sleeper = {
          at: now + ms,
          wake: () => {
            leave();
            resolve();
          },
        };
        signal?.addEventListener('abort', onAbort);
        sleepers.push(sleeper);
        tick();
      }),
  };
}
