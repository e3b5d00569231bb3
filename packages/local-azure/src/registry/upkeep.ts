import type { Clock } from '../clock.ts';

export interface UpkeepOptions {
  clock: Clock;
  everyMs: number;
  /** Told of what failed; the next round tries again. */
  logError(message: string, error: unknown): void;
}

/**
 * Does `work` now and again, one round at a time, without keeping the process alive. Returns what ends it: a round
 * that is under way gets the signal, and is waited for.
 */
export function startUpkeep(
  work: (signal: AbortSignal) => Promise<void>,
  { clock, everyMs, logError }: UpkeepOptions,
): () => Promise<void> {
  const ending = new AbortController();
  const { signal } = ending;
  const rounds = async () => {
    while (!signal.aborted) {
      await work(signal).catch((error) => logError('Tidying up the registry failed', error));
      await clock.sleep(everyMs, signal, { ref: false }).catch(() => {});
    }
  };
  const ended = rounds();
  return async () => {
    ending.abort();
    await ended;
  };
}
