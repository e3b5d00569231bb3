import type { Diagnosis } from '../checks/diagnose.ts';
import { grantFacts, oldestOf } from '../checks/grant/grant-facts.ts';
import { propagationWindowMs } from '../pull-path/propagation.ts';
import { duration } from '../report/style.ts';
import type { Outcome } from './outcome.ts';

export type Refused = Extract<Outcome, { kind: 'refused' }>;

/** What to do about a refusal: nothing, or to try again after a pause. */
export type AfterRefusal = { again: false } | { again: true; pauseMs: number; waitsFor: string };

/** Pauses between attempts in seconds; the last one repeats. Each attempt is a restart, so they grow. */
const pauses = [3, 5, 8, 13, 21, 34, 60];

/** Restarts that race end sooner or later; if they do not, something restarts the site again and again. */
const maxInterruptions = 3;

/**
 * Whether a refusal may end by itself: all links hold, and the grant is younger than Azure takes to honour one; or two
 * restarts raced. Pure.
 */
export function afterRefusal(
  { cause }: Pick<Refused, 'cause'>,
  diagnosis: Diagnosis,
  { attempts, now }: { attempts: number; now: number },
): AfterRefusal {
  const pauseMs = pauses[Math.min(attempts, pauses.length) - 1]! * 1000;
  if (cause === 'interrupted') {
    if (attempts > maxInterruptions) return { again: false };
    return { again: true, pauseMs, waitsFor: 'another try, since two restarts raced' };
  }
  const age = grantAge(diagnosis, now);
  if (cause !== 'unauthorized' || diagnosis.firstBroken || age === undefined || age >= propagationWindowMs) {
    return { again: false };
  }
  const times = attempts === 1 ? 'once' : `${attempts} times`;
  const since = duration(Math.round(age / 1000) * 1000);
  return { again: true, pauseMs, waitsFor: `the grant to propagate: refused ${times}, granted ${since} ago` };
}

/** The age in ms of the oldest grant that lets the site pull; undefined when there is none, or it could not be read. */
export function grantAge({ view }: Pick<Diagnosis, 'view'>, now: number): number | undefined {
  const facts = grantFacts(view);
  return facts.ready ? oldestOf(facts.pull, now)?.ageMs : undefined;
}
