/** A bucket of requests: `size` at once, and one more each `refillMs`. */
export interface RateLimit {
  /** Takes a request out of the bucket: 0. When it is empty, the milliseconds until the next one. */
  take(now: number): number;
}

export function createRateLimit({ size, refillMs }: { size: number; refillMs: number }): RateLimit {
  let left = size;
  let countedOn = 0;
  return {
    take(now) {
      left = Math.min(size, left + (now - countedOn) / refillMs);
      countedOn = now;
      if (left < 1) return (1 - left) * refillMs;
      left -= 1;
      return 0;
    },
  };
}
