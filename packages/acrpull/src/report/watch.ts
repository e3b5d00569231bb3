import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import { type Changes, changesBetween } from './changes.ts';
import type { Report } from './report.ts';

/** Who is told what a watch sees. */
export interface WatchDisplay {
  first(report: Report): void;
  /** Each later look; the changes may be none. */
  look(report: Report, changes: Changes): void;
  /** A look that failed: the next one may be better. */
  failed(failure: Failure): void;
}

/**
 * Looks again and again until all links hold. A first look that fails is thrown, since then the command is wrong, or
 * the sign-in; of later ones the display is told.
 */
export async function watch(
  look: () => Promise<Report>,
  { everyMs, clock, display }: { everyMs: number; clock: Clock; display: WatchDisplay },
): Promise<void> {
  let last = await look();
  display.first(last);
  while (!last.ok) {
    await clock.sleep(everyMs);
    try {
      const report = await look();
      display.look(report, changesBetween(last, report));
      last = report;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      display.failed(error);
    }
  }
}
