import { cutBy, type Link, links } from '../pull-path/links.ts';
import { type SiteView, viewsOf } from '../pull-path/site-view.ts';
import type { SiteFacts, Snapshot } from '../pull-path/snapshot.ts';
import type { Check, ForetoldCause, Verdict } from './cause.ts';
import { checks } from './index.ts';

/** What the checks say of one site: its chain of links, and which broken one comes first. */
export interface Diagnosis {
  /** Of the site's main pull. */
  view: SiteView;
  /** A link holds when it holds for every container of the site. */
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
  check: Check | ForetoldCause;
  verdict: Exclude<Verdict, { status: 'pass' | 'skip' }>;
  /** What was judged: of a site with sidecars, one of its containers. */
  view: SiteView;
  /** The earlier link that this may be due to: it does not hold, and decides what this link is about. */
  consequenceOf: Link | undefined;
}

/** Whether a link does not hold, or cannot be known to. */
export const isGap = ({ status }: Pick<JudgedLink, 'status'>): boolean =>
  status === 'fail' || status === 'unknown';

/** Whether all links of a site hold, as far as they apply. */
export const holds = ({ chain }: Pick<Diagnosis, 'chain'>): boolean => !chain.some(isGap);

/** The status of a link is the gravest of its checks' verdicts; a skipped check adds nothing. */
const gravest: Verdict['status'][] = ['fail', 'unknown', 'warn', 'pass', 'skip'];

/** Links without a check say nothing, and are left out. */
const judgedLinks = links.filter((link) => checks.some((check) => check.link === link));

/** Judges every site of a snapshot. Pure. */
export const diagnose = (snapshot: Snapshot): Diagnosis[] =>
  snapshot.sites.map((site) => diagnoseSite(snapshot, site));

/** `foretold`: what else there is to say of the site. */
export function diagnoseSite(snapshot: Snapshot, site: SiteFacts, foretold: Judged[] = []): Diagnosis {
  const views = viewsOf(snapshot, site);
  const judged = checks.flatMap((check) =>
    views.map((view): Judged => ({ check, view, verdict: check.judge(view) })),
  );
  judged.unshift(...foretold);
  judged.sort((a, b) => links.indexOf(a.check.link) - links.indexOf(b.check.link));
  const chain = judgedLinks.map((link) => judgeLink(link, judged));
  const gaps = new Set(chain.filter(isGap).map(({ link }) => link));
  return {
    view: views[0],
    chain,
    findings: judged
      .filter(isFinding)
      .map((finding) => ({ ...finding, consequenceOf: cutBy(finding.check.link, gaps) })),
    firstBroken: chain.find(({ status }) => status === 'fail')?.link,
  };
}

export interface Judged {
  check: Check | ForetoldCause;
  view: SiteView;
  verdict: Verdict;
}

const isFinding = (it: Judged): it is Omit<Finding, 'consequenceOf'> =>
  it.verdict.status !== 'pass' && it.verdict.status !== 'skip';

function judgeLink(link: Link, judged: Judged[]): JudgedLink {
  const verdicts = judged.filter(({ check }) => check.link === link).map(({ verdict }) => verdict);
  const status = gravest.find((it) => verdicts.some((verdict) => verdict.status === it)) ?? 'skip';
  return { link, status, says: verdicts.find((verdict) => verdict.status === status)?.says ?? '' };
}
