import type { Evidence, Verdict } from '../checks/check.ts';
import type { Diagnosis, Finding, JudgedLink } from '../checks/diagnose.ts';
import { type Link, siteName } from '../pull-path/links.ts';
import type { Snapshot, Unreadable } from '../pull-path/snapshot.ts';
import { leastRole } from './least-role.ts';

/** What every output form is made of: plain data, also the shape of `--json`. */
export interface Report {
  schema: 'acrpull.report/1';
  takenOn: string;
  app: Snapshot['app'];
  /** Whether no link of any site is broken or unreadable. */
  ok: boolean;
  sites: SiteReport[];
}

export interface SiteReport {
  id: string;
  name: string;
  slot: string | null;
  hostName: string;
  firstBroken: Link | null;
  links: JudgedLink[];
  findings: ReportedFinding[];
}

export interface ReportedFinding {
  id: string;
  link: Link;
  title: string;
  status: Verdict['status'];
  says: string;
  why: string;
  evidence: Evidence[];
  /** For what could not be read: the denied action and the least role that has it. */
  unreadable: (Unreadable & { leastRole?: string }) | null;
  commands: string[];
  docs: string;
}

export function reportOf(snapshot: Snapshot, diagnoses: Diagnosis[]): Report {
  return {
    schema: 'acrpull.report/1',
    takenOn: snapshot.takenOn,
    app: snapshot.app,
    ok: diagnoses.every((it) => it.chain.every(({ status }) => status !== 'fail' && status !== 'unknown')),
    sites: diagnoses.map(siteReport),
  };
}

function siteReport({ view, chain, findings, firstBroken }: Diagnosis): SiteReport {
  return {
    id: view.site.id,
    name: siteName(view),
    slot: view.site.slot ?? null,
    hostName: view.site.hostName,
    firstBroken: firstBroken ?? null,
    links: chain,
    findings: findings.map((finding) => reportFinding(finding, view)),
  };
}

function reportFinding({ check, verdict }: Finding, view: Diagnosis['view']): ReportedFinding {
  const unreadable = verdict.status === 'unknown' ? verdict.because : null;
  const role = unreadable?.action && leastRole(unreadable.action);
  return {
    id: check.id,
    link: check.link,
    title: check.title,
    status: verdict.status,
    says: verdict.says,
    why: check.why,
    evidence: verdict.status === 'unknown' ? [] : verdict.evidence,
    unreadable: unreadable && { ...unreadable, ...(role && { leastRole: role }) },
    commands: verdict.status === 'unknown' ? [] : check.remedies[0].commands(view),
    docs: check.docs,
  };
}
