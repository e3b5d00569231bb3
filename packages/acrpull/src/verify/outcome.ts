import type { PullCause } from './log-lines.ts';

/** How a try to pull and start a site ended. Digests are named by the older worker's log only. */
export type Outcome =
  | {
      kind: 'serving';
      digest: string | null;
      status: number | null;
      firstLine: string;
      /** Why no visitor from here is let in, in which case the platform's own probe is what it has answered. */
      shut: string | null;
    }
  | { kind: 'other-image'; digest: string; expected: string }
  | { kind: 'not-answering'; digest: string | null; reason: string }
  | { kind: 'not-started'; digest: string | null; reason: string }
  | {
      kind: 'refused';
      cause: PullCause;
      text: string;
      /** The platform fell back to an old copy of the image, which hides the broken pull until the site moves. */
      localCopyServes: boolean;
    }
  | { kind: 'nothing-happened'; reason: string; stopped: boolean }
  | { kind: 'timed-out'; waitedFor: string }
  /** Production, when the slot that was to go first has not proven it. */
  | { kind: 'left-alone'; reason: string }
  /** Azure did not let it be tried. */
  | { kind: 'could-not-run'; message: string; resource: string | null; next: string | null };

/** The words that every form of output uses for an outcome. */
export function describe(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'serving':
      return outcome.shut === null
        ? `pulled, started, and answered HTTP ${outcome.status}`
        : `pulled, started, and answered the platform's probe (from here: ${outcome.shut})`;
    case 'other-image':
      return `pulled and started, but another image than expected: ${outcome.digest}`;
    case 'not-answering':
      return `pulled, but it does not answer: ${outcome.reason}`;
    case 'not-started':
      return `pulled, but not started: ${outcome.reason}`;
    case 'refused':
      return refusals[outcome.cause] + (outcome.localCopyServes ? '; an old local copy serves' : '');
    case 'nothing-happened':
      return `nothing happened: ${outcome.reason}`;
    case 'timed-out':
      return `timed out, waiting for ${outcome.waitedFor}`;
    case 'left-alone':
      return `not restarted: ${outcome.reason}`;
    case 'could-not-run':
      return `could not be verified: ${outcome.message}`;
  }
}

const refusals: Record<PullCause, string> = {
  unauthorized: 'the pull was refused: the registry accepted no credential',
  'manifest-unknown': 'the pull failed: the registry has no such image',
  'no-such-host': 'the pull failed: the registry has no address',
  unreachable: 'the pull failed: the registry could not be reached',
  'registry-fault': 'the pull failed: the registry answered with an error',
  throttled: 'the pull was refused: the registry has too many requests',
  firewall: "the pull was refused by the registry's network rules",
  'invalid-reference': 'the pull failed: the image reference is malformed',
  interrupted: 'the pull was interrupted by another restart',
  network: 'the pull through the virtual network failed, and the log keeps the reason to itself',
  other: 'the pull failed',
};
