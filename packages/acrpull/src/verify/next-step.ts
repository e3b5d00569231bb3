import type { Diagnosis, Finding } from '../checks/diagnose.ts';
import { hasText } from '../checks/log-text.ts';
import {
  checkHealth,
  lookAtLink,
  networkRules,
  privateEndpoints,
  tier,
  vnetIntegration,
} from '../checks/look-at-link.ts';
import { propagationWindowMs } from '../pull-path/propagation.ts';
import { azSite, type SiteView, verifySite } from '../pull-path/site-view.ts';
import { duration } from '../report/style.ts';
import { grantAge, type Refused } from './after-refusal.ts';
import type { PullCause } from './log-lines.ts';
import { isProven, pullingIdentity } from './proof.ts';
import type { Verified } from './verify-site.ts';

/** What to suspect and what to type after a site that is not proven. */
export interface NextStep {
  /** What explains the outcome, or is the next suspect. */
  because: string | null;
  /** A command. */
  next: string | null;
}

/** Pure; `now` is Azure's time. */
export function nextStep(verified: Verified, now: number): NextStep {
  const { outcome, diagnosis } = verified;
  const { view } = diagnosis;
  const app = view.snapshot.app.name;
  const log = lookAtLink.start(view);
  if (isProven(verified)) return { because: null, next: null };
  switch (outcome.kind) {
    case 'refused':
      return brokenLink(diagnosis) ?? suspect(outcome, diagnosis, now);
    case 'serving': {
      const broken = brokenLink(diagnosis);
      if (broken) return broken;
      if (pullingIdentity(view) !== undefined) return { because: null, next: verifySite(view) };
      return { because: 'it did not pull with a managed identity', next: `acrpull doctor ${app}` };
    }
    case 'other-image':
      return {
        because: `expected was ${outcome.expected}`,
        next: lookAtLink.image(view),
      };
    case 'not-answering':
    case 'not-started':
      return { because: null, next: log };
    case 'nothing-happened':
      return outcome.stopped
        ? { because: null, next: `az webapp start ${azSite(view)}` }
        : (brokenLink(diagnosis) ??
            hint(diagnosis, ({ check }) => check.link === 'start' && check.confidence === 'verdict') ?? {
              because: null,
              next: log,
            });
    case 'timed-out':
      return {
        ...(brokenLink(diagnosis) ?? { because: null }),
        next: `${verifySite(view)} --timeout 1800`,
      };
    case 'left-alone':
      return brokenLink(diagnosis) ?? { because: null, next: `acrpull doctor ${app}` };
    case 'could-not-run':
      return { because: null, next: outcome.next };
  }
}

function brokenLink({ findings, firstBroken }: Diagnosis): NextStep | undefined {
  const finding = findings.find(
    ({ check, verdict }) => check.link === firstBroken && verdict.status === 'fail',
  );
  return finding && mend(finding);
}

function hint({ findings }: Diagnosis, isMeant: (finding: Finding) => boolean): NextStep | undefined {
  const finding = findings.find((it) => it.verdict.status === 'warn' && isMeant(it));
  return finding && mend(finding);
}

function mend({ check, verdict, view }: Finding): NextStep {
  const [remedy] = check.remedies;
  const command = remedy.commands(view).find((line) => !line.startsWith('#'));
  const next = remedy.repair ? `acrpull fix ${view.snapshot.app.name}` : (command ?? null);
  return { because: `${check.id}  ${verdict.says}`, next };
}

/** No link is known to be broken, and the pull failed all the same. */
function suspect({ cause, text }: Refused, diagnosis: Diagnosis, now: number): NextStep {
  const { view, findings } = diagnosis;
  const app = view.snapshot.app.name;
  const age = cause === 'unauthorized' ? grantAge(diagnosis, now) : undefined;
  if (age !== undefined && age < propagationWindowMs) {
    return {
      because: `all links hold, and the grant is ${duration(age)} old: Azure may take ${duration(propagationWindowMs)} to honour it`,
      next: `${verifySite(view)} --timeout 1800`,
    };
  }
  const old = age === undefined ? '' : 'the grant is too old for this to be propagation; ';
  const unread = findings.find(({ verdict }) => verdict.status === 'unknown');
  if (unread) {
    return {
      because: `${old}next suspect is what could not be read: ${unread.verdict.says}`,
      next: `acrpull doctor ${app}`,
    };
  }
  const likely = hint(diagnosis, ({ check }) => check.seenAs.some((words) => hasText(text, words)));
  if (likely) return { ...likely, because: `${old}next suspect: ${likely.because}` };
  const { because, command } = suspects[cause];
  return { because: `${old}${because}`, next: command(view) };
}

/** What is likeliest when the log says this and every link holds. Source: the catalogue's rows, in their order. */
const suspects: Record<PullCause, { because: string; command(view: SiteView): string }> = {
  unauthorized: {
    because: 'every link holds as it was read: next suspect is what changed since, or the registry itself',
    command: checkHealth,
  },
  'manifest-unknown': {
    because: 'next suspect: the tag has gone, or was pushed again meanwhile (E1)',
    command: lookAtLink.manifest,
  },
  'no-such-host': {
    because:
      'next suspect: the virtual network resolves the registry by a private DNS zone that lacks it (D8)',
    command: privateEndpoints,
  },
  unreachable: { because: 'next suspect: a route or a firewall in between (D11)', command: checkHealth },
  'registry-fault': {
    because: 'next suspect: the registry itself, or a proxy in between',
    command: checkHealth,
  },
  throttled: {
    because: 'next suspect: more pulls at once than the registry’s tier allows (E9)',
    command: tier,
  },
  firewall: {
    because: 'next suspect: the registry’s network rules lack an address of the site (D1, D2)',
    command: networkRules,
  },
  'invalid-reference': { because: 'the platform does not take the reference', command: lookAtLink.image },
  interrupted: {
    because: 'something else restarts the site at the same time (C5)',
    command: verifySite,
  },
  network: {
    because: 'next suspect: the virtual network has no way to the registry, or no address for it (D6, D8)',
    command: vnetIntegration,
  },
  other: {
    because: 'the log’s words are not known',
    command: lookAtLink.start,
  },
};
