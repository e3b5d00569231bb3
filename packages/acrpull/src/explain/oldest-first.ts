/** How many are held back to see which way they go: of those that come newest first, no more are needed. */
const most = 500;

/**
 * Passes on what comes with its times, the oldest first. Exports of Azure Monitor mostly begin with the newest: of
 * these, only the first {@link most} are passed on, since it is the latest that counts.
 */
export function oldestFirst<T extends { at: number | undefined }>(
  pass: (item: T) => void,
): {
  take(item: T): void;
  end(): void;
} {
  let held: T[] = [];
  let way: 'unknown' | 'oldest-first' | 'newest-first' = 'unknown';

  function end(): void {
    if (way !== 'unknown') return;
    way = isNewestFirst(held) ? 'newest-first' : 'oldest-first';
    for (const item of way === 'newest-first' ? held.toReversed() : held) pass(item);
    held = [];
  }

  return {
    take(item) {
      if (way === 'oldest-first') pass(item);
      if (way !== 'unknown') return;
      held.push(item);
      if (held.length === most) end();
    },
    end,
  };
}

/** Whether times fall more often than they rise: several files, one after the other, fall now and then. */
function isNewestFirst(items: { at: number | undefined }[]): boolean {
  const times = items.flatMap(({ at }) => at ?? []);
  const steps = times.slice(1).map((time, index) => Math.sign(time - times[index]!));
  return steps.reduce((sum, step) => sum + step, 0) < 0;
}
