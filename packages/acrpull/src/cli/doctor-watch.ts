import { systemClock } from '../clock.ts';
import type { Report } from '../report/report.ts';
import { watch } from '../report/watch.ts';
import { watchJson, watchText } from '../report/watch-display.ts';

/** `doctor --watch`: ends with 0 once all links hold; Ctrl-C ends it with the exit code of what was seen last. */
export async function watchApp(
  look: () => Promise<Report>,
  { watch: every, json }: { watch?: number | true; json?: boolean },
): Promise<number> {
  const everyMs = (typeof every === 'number' ? every : 30) * 1000;
  const { stdout: out, stderr: err } = process;
  const display = json ? watchJson(out) : watchText(everyMs, { out, err, now: systemClock.now });
  let exitCode = 2; // Nothing is seen yet.
  const onInterrupt = () => {
    if (err.isTTY) err.write('\n');
    process.exit(exitCode);
  };
  const noted = async () => {
    try {
      const report = await look();
      exitCode = report.ok ? 0 : 1;
      return report;
    } catch (error) {
      exitCode = 2;
      throw error;
    }
  };
  process.once('SIGINT', onInterrupt);
  try {
    await watch(noted, { everyMs, clock: systemClock, display });
    return 0;
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}
