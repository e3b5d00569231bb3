import type { Report, SiteReport } from '../report/report.ts';

/** What there is to say of many apps in a few lines. */
export interface Summary {
  apps: number;
  sites: number;
  /** Sites of which all links hold. */
  fine: number;
  /** Of those, how many have a finding all the same, which breaks nothing. */
  noted: number;
  /** Sites that cannot pull, by the cause at their first broken link; the most frequent first. */
  broken: { id: string; title: string; sites: number }[];
  /** Sites of which not everything could be read, and nothing is known to be broken. */
  unknown: number;
}

export function summarize(reports: Report[]): Summary {
  const sites = reports.flatMap((report) => report.sites);
  const fine = sites.filter((site) => conditionOf(site) === 'fine');
  const causes = new Map<string, Summary['broken'][number]>();
  for (const site of sites.filter((it) => conditionOf(it) === 'broken')) {
    const { id, title } = firstCause(site);
    causes.set(id, { id, title, sites: (causes.get(id)?.sites ?? 0) + 1 });
  }
  return {
    apps: reports.length,
    sites: sites.length,
    fine: fine.length,
    noted: fine.filter(({ findings }) => findings.length > 0).length,
    broken: [...causes.values()].sort((a, b) => b.sites - a.sites || a.id.localeCompare(b.id)),
    unknown: sites.filter((site) => conditionOf(site) === 'unknown').length,
  };
}

export function conditionOf(site: SiteReport): 'fine' | 'broken' | 'unknown' {
  if (site.firstBroken) return 'broken';
  return site.links.some(({ status }) => status === 'unknown') ? 'unknown' : 'fine';
}

/** The failed check that broke the first broken link: there is one. */
const firstCause = ({ findings, firstBroken }: SiteReport) =>
  findings.find(({ link, status }) => link === firstBroken && status === 'fail')!;
