import type { Azure } from '../azure/azure.ts';
import { type Instance, readStandstill } from '../azure/site-runtime.ts';
import type { Clock } from '../clock.ts';
import type { SiteFacts } from '../pull-path/snapshot.ts';
import { newAttempt, play, settle } from './attempt.ts';
import type { FollowedLog } from './follow-log.ts';
import { type AcrossInstances, acrossInstances } from './instances.ts';
import { visit } from './visit.ts';

/** One start of a site as it was seen; on several instances, where their logs can be told apart. */
export interface StartSeen extends AcrossInstances {
  /** Why the site runs nothing, when its own properties say so. */
  standstill: Awaited<ReturnType<typeof readStandstill>>;
}

export interface WatchOptions {
  log: FollowedLog;
  instances: Instance[];
  /** By the clock. */
  deadline: number;
  clock: Clock;
  signal: AbortSignal;
  onWait(waitsFor: string): void;
}

/** How often the log files are read, beside the stream; and the site's properties, while nothing happens. */
const readEveryMs = 3_000;
const lookEveryMs = 15_000;
/** What an attempt said last stands when it says no more for so long: the lines that would have followed are lost. */
const silenceMs = 2 * 60_000;
/** Waits for the log files once more before it believes the stream, but no longer than this. */
const confirmMs = 5_000;
const wakeEveryMs = 10_000;

/**
 * Follows a start that was asked for to its end: wakes the site and reads its log until an attempt is decided, or the
 * time is up. The stream says when to look; the log files have the last word, since the stream may lack the first
 * error, which is the one that counts.
 */
export async function watchStart(azure: Azure, site: SiteFacts, options: WatchOptions): Promise<StartSeen> {
  const { log, instances, deadline, clock, onWait } = options;
  const over = new AbortController();
  const byMachine = instances.length > 1;
  let standstill: StartSeen['standstill'];
  let looked: StartSeen['standstill'];
  const look = () =>
    readStandstill(azure.resourceManager, site).then(
      (found) => {
        // Twice in a row: the properties lag behind a start.
        standstill = found === looked ? found : undefined;
        looked = found;
      },
      () => {}, // It may be read the next time; the log still decides.
    );

  void keepWaking(azure, site, { clock, signal: AbortSignal.any([options.signal, over.signal]) });
  let seen: AcrossInstances = { attempt: newAttempt, proven: 0, failedOn: undefined };
  let confirmed = false;
  let changedOn = clock.now();
  let readOn = clock.now();
  let lookedOn = clock.now();
  try {
    for (;;) {
      const before = seen.attempt.waitsFor;
      seen = judge(log, instances);
      const { attempt } = seen;
      if (attempt.waitsFor !== before) changedOn = clock.now();
      const late = clock.now() >= deadline;
      if (late || clock.now() - changedOn >= silenceMs) {
        const settled = settle(attempt);
        if (late || settled.decided) return { ...seen, attempt: settled, standstill };
      }
      if (attempt.decided) {
        if (confirmed) return { ...seen, standstill };
        confirmed = true;
        await Promise.race([log.read(byMachine), clock.sleep(confirmMs, over.signal).catch(() => {})]);
        continue;
      }
      confirmed = false;
      if (standstill && !attempt.pulling) return { ...seen, standstill };

      onWait(attempt.waitsFor);
      await log.news(Math.min(readEveryMs, deadline - clock.now()));
      if (clock.now() - readOn >= readEveryMs) {
        readOn = clock.now();
        void log.read(byMachine);
      }
      if (!attempt.pulling && clock.now() - lookedOn >= lookEveryMs) {
        lookedOn = clock.now();
        void look();
      }
    }
  } finally {
    over.abort(new Error('the start is over'));
  }
}

function judge({ timeline }: FollowedLog, instances: Instance[]): AcrossInstances {
  const machines = timeline.machines();
  if (instances.length > 1 && machines.length > 0) {
    const attempts = new Map(machines.map((machine) => [machine, play(timeline.written(machine))]));
    return acrossInstances(instances, attempts);
  }
  const written = play(timeline.written());
  const attempt = written.decided ? written : play(timeline.events());
  return { attempt, proven: attempt.decided === 'ready' ? 1 : 0, failedOn: undefined };
}

/**
 * A request makes the platform start a site that is not kept running. What answers is not looked at: it may still be
 * the old container, which is also why one request is not enough.
 */
async function keepWaking(
  azure: Azure,
  { hostName }: SiteFacts,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<void> {
  try {
    for (;;) {
      await visit(azure, hostName, { timeoutMs: 0, signal });
      await clock.sleep(wakeEveryMs, signal);
    }
  } catch {
    // The start is over.
  }
}
