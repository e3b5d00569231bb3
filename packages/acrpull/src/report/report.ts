import type { Evidence, Verdict } from '../checks/cause.ts';
import { type Diagnosis, type Finding, holds, type JudgedLink } from '../checks/diagnose.ts';
import type { Link } from '../pull-path/links.ts';
import { siteName } from '../pull-path/site-view.ts';
import type { Snapshot, Unreadable } from '../pull-path/snapshot.ts';
import { leastRole } from './least-role.ts';
import type { SwapReport } from './swap.ts';

/** What every output form is made of: plain data, also the shape of `--json`. */
export interface Report {
  schema: 'acrpull.report/1';
  takenOn: string;
  app: Snapshot['app'];
  /** Whether no link of any site is broken or unreadable. */
  ok: boolean;
  /** Where a swap is foretold: the sites are as it leaves them. */
  swap?: SwapReport;
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
  /** `hint`: it may be the cause; whatever has a verdict is a fact. `foretold`: it lies in a swap to come. */
  confidence: Finding['check']['confidence'];
  says: string;
  why: string;
  /** Of a site with sidecars: the container whose pull was judged. */
  container: string | null;
  /** The earlier link that this may be due to, and that wants to be mended first. */
  consequenceOf: Link | null;
  evidence: Evidence[];
  /** For what could not be read: the denied action and the least role that has it. */
  unreadable: (Unreadable & { leastRole?: string }) | null;
  /** What mends it: with `az`, in Bicep and in Terraform. Null for what could not be read. */
  mend: { title: string; commands: string[]; bicep: string; terraform: string } | null;
  /** Other causes that look the same, and what to run to tell them apart. */
  lookAlikes: { ids: readonly string[]; commands: string[] } | null;
  docs: string;
}

export function reportOf(snapshot: Snapshot, diagnoses: Diagnosis[]): Report {
  return {
    schema: 'acrpull.report/1',
    takenOn: snapshot.takenOn,
    app: snapshot.app,
    ok: diagnoses.every(holds),
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
    findings: findings.map(reportFinding),
  };
}

function reportFinding({ check, verdict, view, consequenceOf }: Finding): ReportedFinding {
  const unreadable = verdict.status === 'unknown' ? verdict.because : null;
  const role = unreadable?.action && leastRole(unreadable.action);
  const [remedy] = check.remedies;
  return {
    id: check.id,
    link: check.link,
    title: check.title,
    status: verdict.status,
    confidence: check.confidence,
    says: verdict.says,
    why: check.why,
    container: view.container?.name ?? null,
    consequenceOf: consequenceOf ?? null,
    evidence: verdict.status === 'unknown' ? [] : verdict.evidence,
    unreadable: unreadable && { ...unreadable, ...(role && { leastRole: role }) },
    mend:
      verdict.status === 'unknown'
        ? null
        : {
            title: remedy.title,
            commands: remedy.commands(view),
            bicep: remedy.bicep(view),
            terraform: remedy.terraform(view),
          },
    lookAlikes: check.lookAlikes
      ? { ids: check.lookAlikes.ids, commands: check.lookAlikes.commands(view) }
      : null,
    docs: check.docs,
  };
}
