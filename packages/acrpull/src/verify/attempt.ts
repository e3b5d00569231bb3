import type { LogEvent, Refusal } from './log-lines.ts';
import type { Outcome } from './outcome.ts';

/** What has been seen of one start since the restart was asked for. */
export interface Attempt {
  pulling: boolean;
  digest: string | null;
  /** The first error counts: later ones of the same attempt often mislead (catalogue, section 2 no. 4). */
  firstError: Refusal | undefined;
  /** The newer worker's word that the pull failed, before it says why. */
  givenUp: string | undefined;
  waitsFor: string;
  /** Set by the event that decides. `ready` still wants the site's answer. */
  decided: 'ready' | Exclude<Outcome, { kind: 'serving' }> | undefined;
}

export const newAttempt: Attempt = {
  pulling: false,
  digest: null,
  firstError: undefined,
  givenUp: undefined,
  waitsFor: 'the platform to begin the pull',
  decided: undefined,
};

/**
 * The attempt after one more event. Pure. Events of an earlier start, before this one's pull began, are passed over.
 */
export function advance(attempt: Attempt, event: LogEvent): Attempt {
  if (attempt.decided) return attempt;
  if (isSecondTry(attempt, event)) return attempt;
  if (event.kind === 'pull-started') return { ...newAttempt, pulling: true, waitsFor: 'the pull' };
  // Without a pull before it: there is no image to pull.
  if (event.kind === 'not-started' && !attempt.pulling) {
    return { ...attempt, decided: { kind: 'nothing-happened', reason: event.text, stopped: false } };
  }
  if (!attempt.pulling) return attempt;
  switch (event.kind) {
    case 'digest':
      return { ...attempt, digest: event.digest };
    case 'pulled':
      // What was interrupted was then another start's pull, which this one has superseded.
      return {
        ...attempt,
        firstError: attempt.firstError?.cause === 'interrupted' ? undefined : attempt.firstError,
        waitsFor: 'the container to start',
      };
    case 'starting':
    case 'waiting':
    case 'ready':
      // A start after a failed pull runs an old copy of the image: the site serves, and the pull is broken.
      if (pullFailed(attempt)) return { ...attempt, decided: refused(attempt, true) };
      return event.kind === 'ready'
        ? { ...attempt, decided: 'ready' }
        : { ...attempt, waitsFor: 'the container to answer' };
    case 'pull-error':
      return {
        ...attempt,
        firstError: attempt.firstError ?? event,
        waitsFor: 'what the platform does after the failed pull',
      };
    case 'pull-given-up':
      return { ...attempt, givenUp: event.text, waitsFor: 'the reason of the failed pull' };
    case 'pull-failed':
      return {
        ...attempt,
        decided: refused({ ...attempt, firstError: attempt.firstError ?? event.error }, false),
      };
    case 'site-stopped':
      return pullFailed(attempt) ? { ...attempt, decided: refused(attempt, false) } : attempt;
    case 'not-started':
      // After a failed pull it is an old copy of the image that was not started.
      if (pullFailed(attempt)) return { ...attempt, decided: refused(attempt, false) };
      return { ...attempt, decided: { kind: 'not-started', digest: attempt.digest, reason: event.text } };
    case 'stopped':
      // After a failed pull that is its consequence only.
      if (pullFailed(attempt)) return attempt;
      return { ...attempt, decided: { kind: 'not-answering', digest: attempt.digest, reason: event.text } };
    case 'live':
      return attempt;
  }
}

/**
 * Whether a pull that begins is the second try of the one that failed just now, as of Linux workers of 2020 and 2021:
 * what the first try said counts. Source: Azure/acr issue 124, where a missing tag becomes "unauthorized"
 */
export const isSecondTry = ({ firstError, decided }: Attempt, event: LogEvent): boolean =>
  event.kind === 'pull-started' && event.maybeAgain === true && firstError !== undefined && !decided;

/** The attempt as it must be judged when nothing more is heard of it: what it said last stands. */
export function settle(attempt: Attempt): Attempt {
  if (attempt.decided || !pullFailed(attempt)) return attempt;
  return { ...attempt, decided: refused(attempt, false) };
}

export const play = (events: LogEvent[]): Attempt => events.reduce(advance, newAttempt);

const pullFailed = ({ firstError, givenUp }: Attempt) => (firstError ?? givenUp) !== undefined;

function refused(
  { firstError, givenUp = '' }: Attempt,
  localCopyServes: boolean,
): Extract<Outcome, { kind: 'refused' }> {
  const { cause, text } = firstError ?? { cause: 'other', text: givenUp };
  return { kind: 'refused', cause, text, localCopyServes };
}
