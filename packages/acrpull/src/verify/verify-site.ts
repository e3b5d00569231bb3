import type { Azure } from '../azure/azure.ts';
import { type Instance, listInstances } from '../azure/site-runtime.ts';
import type { Diagnosis } from '../checks/diagnose.ts';
import { type Clock, systemClock } from '../clock.ts';
import { Failure } from '../failure.ts';
import { type SiteView, siteName } from '../pull-path/site-view.ts';
import type { SiteFacts } from '../pull-path/snapshot.ts';
import { afterRefusal } from './after-refusal.ts';
import { askSite } from './ask-site.ts';
import { beginStart, type StartsBy } from './begin-start.ts';
import { diagnoseAgain } from './diagnose-again.ts';
import { type FollowedLog, followLog } from './follow-log.ts';
import { checkImage } from './image-proof.ts';
import type { Outcome } from './outcome.ts';
import { requireContainer } from './require-container.ts';
import { type StartSeen, watchStart } from './watch-start.ts';

export interface VerifyOptions {
  timeoutMs: number;
  signal: AbortSignal;
  startsBy?: StartsBy | undefined;
  /** The digest of the image that is expected. */
  digest?: string | undefined;
  clock?: Clock;
  /** Called when what is waited for changes. */
  onWait?(waitsFor: string): void;
  /** Called with what has been done to the site, in words that go after its name. */
  onChange?(state: string): void;
  /** Reads and judges the site anew. */
  readAgain?(): Promise<Diagnosis>;
}

export interface Verified {
  outcome: Outcome;
  /** The site as it was judged last: before the restart, or after a refusal. */
  diagnosis: Diagnosis;
  attempts: number;
  elapsedMs: number;
  /** On how many the pull was seen to succeed, and which machine failed where that is known. Null before a restart. */
  instances: { count: number; proven: number; failedOn: string | null } | null;
  /** What a good outcome leaves open, in sentences: while there is something, nothing is proven. */
  open: string[];
}

/** How long the stream may take to open before the restart. */
const openMs = 10_000;

/**
 * Restarts a site, wakes it and follows its log to an outcome. While the grant is younger than Azure takes to honour
 * grants, a refusal proves nothing yet, and the site is restarted again after a pause. What Azure refuses is thrown.
 */
export async function verifySite(azure: Azure, first: Diagnosis, options: VerifyOptions): Promise<Verified> {
  const { clock = systemClock, startsBy: by = 'restart' } = options;
  const { onWait = () => {}, onChange = () => {}, readAgain = () => diagnoseAgain(azure, first) } = options;
  const { view } = first;
  const startedOn = clock.now();
  const deadline = startedOn + options.timeoutMs;
  let diagnosis = first;
  let attempts = 0;
  const ended = (outcome: Outcome, instances: Verified['instances'], open: string[] = []): Verified => {
    const elapsedMs = Math.round(clock.now() - startedOn);
    return { outcome, diagnosis, attempts, elapsedMs, instances, open };
  };
  requireContainer(view);
  if (view.site.state === 'Stopped') return ended(standstills.stopped, null);

  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const log = followLog(azure, view.site, { clock, signal });
  try {
    onWait('the log');
    const opened = Promise.race([log.opened, clock.sleep(openMs, signal)]);
    let [instances] = await Promise.all([readInstances(azure, view.site), log.read(false), opened]);
    requireLog(log, view);

    for (;;) {
      attempts++;
      log.timeline.begin(azure.now());
      onWait('the restart');
      await beginStart(azure, view, { by, clock, signal, onChange });
      signal.throwIfAborted();
      const watch = ({ list }: Instances) =>
        watchStart(azure, view.site, { log, instances: list, deadline, clock, signal, onWait });
      let seen = await watch(instances);
      if (seen.attempt.decided === 'ready') {
        const before = instances.count;
        instances = await readInstances(azure, view.site);
        // A site that slept had none, and one that grows has more by now.
        if (instances.count > before) seen = await watch(instances);
      }
      const { decided, digest } = seen.attempt;
      const { count } = instances;
      const across = { count, proven: seen.proven, failedOn: seen.failedOn ?? null };
      if (decided === undefined) {
        diagnosis = await readAgain().catch(keep(diagnosis));
        return ended(undecided(seen, log), across);
      }
      if (decided === 'ready') {
        onWait('the answer');
        const answered = await askSite(azure, view.site.hostName, { digest, deadline, clock, signal });
        const { outcome, open } = await checkDigest(answered);
        return ended(outcome, across, [...leftOpen(seen, instances, log), ...open]);
      }
      if (decided.kind !== 'refused') return ended(decided, across);
      onWait('what Azure says of the site now');
      diagnosis = await readAgain().catch(keep(diagnosis));
      const then = afterRefusal(decided, diagnosis, { attempts, now: azure.now() });
      if (!then.again || clock.now() + then.pauseMs >= deadline) return ended(decided, across);
      onWait(then.waitsFor);
      await clock.sleep(then.pauseMs, signal);
    }
  } finally {
    stop.abort(new Error('verified'));
  }

  async function checkDigest(outcome: Outcome): Promise<{ outcome: Outcome; open: string[] }> {
    if (outcome.kind !== 'serving' || options.digest === undefined) return { outcome, open: [] };
    const after = outcome.digest === null ? await readAgain().catch(keep(undefined)) : first;
    return checkImage(outcome, options.digest, first, after);
  }
}

/** What a start that was seen to the end does not prove. */
function leftOpen({ proven }: StartSeen, { count, trouble }: Instances, log: FollowedLog): string[] {
  const open = trouble === undefined ? [] : [`whether it runs on other instances, too: ${trouble}`];
  if (proven >= count) return open;
  const why = log.trouble().machineLogs?.message ?? 'the log does not tell them apart';
  return [...open, `the pull on ${count - proven} of ${count} instances: ${why}`];
}

/** At least one, since a site that is asleep has none; `trouble` says why the list could not be had. */
interface Instances {
  list: Instance[];
  count: number;
  trouble: string | undefined;
}

async function readInstances({ resourceManager }: Azure, site: SiteFacts): Promise<Instances> {
  try {
    const list = await listInstances(resourceManager, site);
    return { list, count: Math.max(1, list.length), trouble: undefined };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { list: [], count: 1, trouble: error.message };
  }
}

/** For a reading that can be done without. */
const keep =
  <T>(value: T) =>
  (error: unknown): T => {
    if (error instanceof Failure) return value;
    throw error;
  };

/** A restart whose effect nobody can see proves nothing, so it is not made. */
function requireLog(log: FollowedLog, view: SiteView): void {
  const { stream, containerLog } = log.trouble();
  if (!stream || !containerLog) return;
  throw new Failure(
    `The log of ${siteName(view)} cannot be read, and without it a restart proves nothing: nothing was restarted. ` +
      `${stream.message}; ${containerLog.message}`,
    { resource: view.site.id, ...(containerLog.next && { next: containerLog.next }), cause: containerLog },
  );
}

const standstills: Record<'stopped' | 'quota-exceeded', Outcome> = {
  stopped: { kind: 'nothing-happened', reason: 'the site is stopped', stopped: true },
  'quota-exceeded': { kind: 'nothing-happened', reason: 'its plan has used up its quota', stopped: false },
};

function undecided({ attempt, standstill }: StartSeen, log: FollowedLog): Outcome {
  if (attempt.pulling) return { kind: 'timed-out', waitedFor: attempt.waitsFor };
  if (standstill) return standstills[standstill];
  const { stream, containerLog } = log.trouble();
  const unread = stream && containerLog ? `; the log could not be read: ${containerLog.message}` : '';
  const reason = `the log shows no pull after the restart${unread}`;
  return { kind: 'nothing-happened', reason, stopped: false };
}
