import { setTimeout as delay } from 'node:timers/promises';

/** The time on this machine, for pauses and deadlines. Tests inject their own, so that nothing sleeps for real. */
export interface Clock {
  /** Milliseconds since the Unix epoch, as of this process's start: no correction of the wall clock moves it. */
  now(): number;
  /** Rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: (ms, signal) =>
    delay(ms, undefined, signal && { signal }).catch((error) => {
      throw signal?.reason ?? error;
    }),
};
