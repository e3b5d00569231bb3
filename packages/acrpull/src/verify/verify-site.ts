import type { Azure } from '../azure/azure.ts';
import { readLogStream } from '../azure/log-stream.ts';
import { apiVersions } from '../azure/resource-manager.ts';
import type { Diagnosis } from '../checks/diagnose.ts';
import { grantFacts } from '../checks/grant/grant-facts.ts';
import { propagationWindowMs } from '../pull-path/propagation.ts';
import { azSite } from '../pull-path/site-view.ts';
import { advance, newAttempt } from './attempt.ts';
import { readLogLine } from './log-lines.ts';
import type { Outcome } from './outcome.ts';
import { Waiter } from './waiter.ts';

export interface VerifyOptions {
  timeoutMs: number;
  signal: AbortSignal;
  /** Called when what is waited for changes. */
  onWait(waitsFor: string): void;
}

export interface Verified {
  outcome: Outcome;
  attempts: number;
  elapsedMs: number;
}

/** Pauses between attempts in seconds; the last one repeats. Each attempt is a restart, so they grow. */
const pauses = [3, 5, 8, 13, 21, 34, 60];

/**
 * Restarts a site, wakes it and follows its log to an outcome. While the grant is younger than Azure takes to honour
 * grants, a refusal proves nothing yet, and the site is restarted again after a pause.
 */
export async function verifySite(
  azure: Azure,
  diagnosis: Diagnosis,
  options: VerifyOptions,
): Promise<Verified> {
  const startedOn = Date.now();
  if (diagnosis.view.site.state === 'Stopped') {
    const reason = `the site is stopped; start it: az webapp start ${azSite(diagnosis.view)}`;
    return { outcome: { kind: 'nothing-happened', reason }, attempts: 0, elapsedMs: 0 };
  }
  const deadline = startedOn + options.timeoutMs;
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const log = new Waiter<string>(readLogStream(azure, diagnosis.view.site, signal));
  try {
    // The stream begins with a tail of old lines: what counts comes after its marker.
    options.onWait('the log stream');
    await log.until((line) => readLogLine(line)?.kind === 'live', Math.min(deadline, startedOn + 10_000));
    for (let attempts = 1; ; attempts++) {
      const outcome = await attemptOnce(azure, diagnosis, log, deadline, options, signal);
      const done = { outcome, attempts, elapsedMs: Date.now() - startedOn };
      if (outcome.kind !== 'refused' || !mayHeal(outcome, diagnosis)) return done;
      const pauseMs = pauses[Math.min(attempts, pauses.length) - 1]! * 1000;
      if (Date.now() + pauseMs > deadline) return done;
      options.onWait(healing(outcome, diagnosis, attempts));
      await pause(pauseMs, signal);
    }
  } finally {
    stop.abort(new Error('verified'));
  }
}

async function attemptOnce(
  azure: Azure,
  { view: { site } }: Diagnosis,
  log: Waiter<string>,
  deadline: number,
  options: VerifyOptions,
  signal: AbortSignal,
): Promise<Outcome> {
  log.discard();
  options.onWait('the restart');
  await azure.resourceManager.send('POST', `${site.id}/restart`, apiVersions.web);
  // The first request makes the platform start the site; whatever answers it may still be the old container.
  wakeSite(azure, site.hostName, deadline, signal).catch(() => {});

  let attempt = newAttempt;
  while (!attempt.decided) {
    options.onWait(attempt.waitsFor);
    const line = await log.next(deadline);
    if (line === 'ended') return { kind: 'nothing-happened', reason: 'the log stream ended' };
    if (line === 'timeout') {
      return attempt.pulling
        ? { kind: 'timed-out', waitedFor: attempt.waitsFor }
        : { kind: 'nothing-happened', reason: 'the log shows no pull after the restart' };
    }
    const event = readLogLine(line.value);
    if (event) attempt = advance(attempt, event);
  }
  if (attempt.decided !== 'ready') return attempt.decided;
  options.onWait('the answer');
  const answer = await wakeSite(azure, site.hostName, deadline, signal);
  if (answer.status >= 500) {
    return { kind: 'not-answering', digest: attempt.digest, reason: `HTTP ${answer.status}` };
  }
  return { kind: 'serving', digest: attempt.digest, ...answer };
}

async function wakeSite(azure: Azure, hostName: string, deadline: number, signal: AbortSignal) {
  const timeoutMs = Math.max(1000, deadline - Date.now());
  const response = await azure.visitor('GET', `https://${hostName}/`, { timeoutMs, signal });
  return { status: response.status, firstLine: firstLine(response.bodyAsText ?? '') };
}

const firstLine = (text: string) =>
  (text.split(/\r?\n/).find((line) => line.trim() !== '') ?? '').trim().slice(0, 200);

/** Whether a refusal may end by itself: the pull path holds, but its grant is young. */
function mayHeal(outcome: Extract<Outcome, { kind: 'refused' }>, diagnosis: Diagnosis): boolean {
  if (outcome.cause === 'interrupted') return true;
  if (outcome.cause !== 'unauthorized' || diagnosis.firstBroken) return false;
  const age = grantAge(diagnosis);
  return age !== undefined && age < propagationWindowMs;
}

function grantAge({ view }: Diagnosis): number | undefined {
  const facts = grantFacts(view);
  if (!facts.ready || facts.pull.length === 0) return undefined;
  const ages = facts.pull.map(({ createdOn }) => (createdOn ? Date.now() - Date.parse(createdOn) : Infinity));
  return Math.max(...ages);
}

function healing(
  outcome: Extract<Outcome, { kind: 'refused' }>,
  diagnosis: Diagnosis,
  attempts: number,
): string {
  if (outcome.cause === 'interrupted') return 'another try, since two restarts raced';
  const seconds = Math.round((grantAge(diagnosis) ?? 0) / 1000);
  return `the grant to propagate: refused ${attempts === 1 ? 'once' : `${attempts} times`}, granted ${seconds} s ago`;
}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
