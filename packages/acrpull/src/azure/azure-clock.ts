/**
 * Azure's time as its answers tell it: to the second, and never ahead of Azure's own clocks. Log lines and grants are
 * judged by it, since this machine's clock may be wrong.
 */
export interface AzureClock {
  /** Milliseconds since the Unix epoch. Until Azure has answered, by this machine's clock. */
  now(): number;
  /** Takes the `Date` header of an answer. */
  observe(date: string | undefined): void;
}

export function createAzureClock(local: () => number): AzureClock {
  /** How far Azure is ahead of this machine, at the least: an answer is a moment old, and its date has no fractions. */
  let ahead: number | undefined;
  return {
    now: () => local() + (ahead ?? 0),
    observe(date) {
      const time = Date.parse(date ?? '');
      if (Number.isNaN(time)) return;
      ahead = Math.max(ahead ?? Number.NEGATIVE_INFINITY, time - local());
    },
  };
}
