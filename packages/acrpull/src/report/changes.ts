import type { JudgedLink } from '../checks/diagnose.ts';
import type { Report, SiteReport } from './report.ts';

/** What became of one link of one site from one report to the next. */
export interface LinkChange {
  site: string;
  link: JudgedLink['link'];
  /** Undefined for a site that is new. */
  before: JudgedLink['status'] | undefined;
  after: JudgedLink['status'];
  says: string;
}

export interface Changes {
  links: LinkChange[];
  /** Names of sites that are no more. */
  gone: string[];
}

/**
 * What changed between two reports of an app: another status, or another cause of the same one. That a sentence has
 * another number in it, as the age of a grant has, is no change. Pure.
 */
export function changesBetween(before: Report, after: Report): Changes {
  const siteBefore = (id: string) => before.sites.find((site) => site.id === id);
  return {
    links: after.sites.flatMap((site) => linkChanges(siteBefore(site.id), site)),
    gone: before.sites
      .filter(({ id }) => !after.sites.some((site) => site.id === id))
      .map(({ name }) => name),
  };
}

export const hasChanges = ({ links, gone }: Changes): boolean => links.length + gone.length > 0;

function linkChanges(before: SiteReport | undefined, after: SiteReport): LinkChange[] {
  return after.links.flatMap(({ link, status, says }): LinkChange[] => {
    const old = before?.links.find((it) => it.link === link)?.status;
    const isSame = old === status && before !== undefined && causesAt(before, link) === causesAt(after, link);
    return isSame ? [] : [{ site: after.name, link, before: old, after: status, says }];
  });
}

const causesAt = ({ findings }: SiteReport, link: JudgedLink['link']) =>
  findings
    .filter((finding) => finding.link === link)
    .map(({ id, container, status }) => [id, container, status].join(' '))
    .join(', ');
