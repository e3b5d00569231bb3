import { type Link, links, type SiteView, viewSite } from '../pull-path/links.ts';
import type { Snapshot } from '../pull-path/snapshot.ts';
import type { Check, Verdict } from './check.ts';
import { checks } from './index.ts';

/** What the checks say of one site: its chain of links, and which broken one comes first. */
export interface Diagnosis {
  view: SiteView;
  chain: JudgedLink[];
  /** Everything that is wrong, may be wrong or could not be read, in the order of the links. */
  findings: Finding[];
  firstBroken: Link | undefined;
}

export interface JudgedLink {
  link: Link;
  status: Verdict['status'];
  /** The sentence of the verdict that decided. */
  says: string;
}

export interface Finding {
  check: Check;
  verdict: Exclude<Verdict, { status: 'pass' | 'skip' }>;
}

/** The status of a link is the gravest of its checks' verdicts; a skipped check adds nothing. */
const gravest: Verdict['status'][] = ['fail', 'unknown', 'warn', 'pass', 'skip'];

/** Judges every site of a snapshot. Pure. */
export const diagnose = (snapshot: Snapshot): Diagnosis[] =>
  snapshot.sites.map((site) => diagnoseSite(viewSite(snapshot, site)));

export function diagnoseSite(view: SiteView): Diagnosis {
  const judged = checks.map((check) => ({ check, verdict: check.judge(view) }));
  const chain = links.map((link) => {
    const verdicts = judged.filter(({ check }) => check.link === link).map(({ verdict }) => verdict);
    const status = gravest.find((it) => verdicts.some((verdict) => verdict.status === it)) ?? 'skip';
    const deciding = verdicts.find((verdict) => verdict.status === status);
    return { link, status, says: deciding?.says ?? '' };
  });
  return {
    view,
    chain,
    findings: judged.filter(
      (it): it is Finding => it.verdict.status !== 'pass' && it.verdict.status !== 'skip',
    ),
    firstBroken: chain.find(({ status }) => status === 'fail')?.link,
  };
}
