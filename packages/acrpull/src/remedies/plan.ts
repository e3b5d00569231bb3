import type { Diagnosis, Finding } from '../checks/diagnose.ts';
import { storedCredentials } from '../checks/flag/flag-facts.ts';
import { Failure } from '../failure.ts';
import { type SiteView, siteName } from '../pull-path/site-view.ts';
import { aimOf, type Choices } from './aim.ts';
import { assignIdentity } from './assign-identity.ts';
import { grantPull } from './grant-pull.ts';
import { repairs } from './index.ts';
import { setFlag } from './set-flag.ts';
import { writeKey } from './writes/index.ts';
import type { Write } from './writes/write.ts';

/** Steps in the order in which they are safe. */
export interface Plan {
  /** Such as that of a site. */
  name: string;
  steps: Step[];
}

/** What `fix` would do to one site. */
export interface SitePlan extends Plan {
  view: SiteView;
  /** What is broken and can only be mended by a person. */
  left: Finding[];
  /** Whether the site can pull as it is, so that nothing may be taken from it before the new way works. */
  pullsToday: boolean;
}

export interface Step {
  /** The id of the remedy. */
  remedy: string;
  write: Write;
  /** The ids of the checks that ask for it, or the option that does. */
  because: string[];
}

export interface Wishes extends Choices {
  /** The ids of the checks that are to be mended, and no others, in capitals. A warning counts when it is named here. */
  only?: string[] | undefined;
}

/** Pure: from findings to steps, for each site, in the order of `repairs`; nothing that holds already is touched. */
export function planSites(diagnoses: Diagnosis[], wishes: Wishes = {}): SitePlan[] {
  const views = diagnoses.map(({ view }) => view);
  return diagnoses.map((diagnosis) => planSite(diagnosis, wishes, views));
}

function planSite({ view, findings, firstBroken }: Diagnosis, wishes: Wishes, all: SiteView[]): SitePlan {
  const failed = findings.filter(({ verdict }) => verdict.status === 'fail');
  const { only } = wishes;
  const asked = only ? findings.filter(({ check }) => only.includes(check.id.toUpperCase())) : failed;
  const steps = requested(asked, wishes, view).flatMap(({ repair, remedy, because, views }) =>
    views.flatMap((judged): Step[] => {
      const aim = aimOf(judged, wishes, all.includes(judged) ? all : [judged]);
      const write = aim && repair.plan(judged, aim);
      return write ? [{ remedy, write, because }] : [];
    }),
  );
  const mended = new Set(steps.flatMap(({ because }) => because));
  return {
    name: siteName(view),
    view,
    steps: unique(steps),
    left: failed.filter(
      ({ check }) => !mended.has(check.id) && (!only || only.includes(check.id.toUpperCase())),
    ),
    pullsToday: firstBroken === undefined || pullsWithCredentials(view),
  };
}

/** The repairs that somebody asks for, each with the pulls that it is for. */
function requested(asked: Finding[], { identity }: Wishes, main: SiteView) {
  if (identity && main.container) {
    throw new Failure(
      `${siteName(main)} has sidecars, and each of its containers names an identity of its own: --identity cannot.`,
      {
        resource: main.site.id,
        next: 'az webapp sitecontainers update --user-assigned-identity <client id>',
      },
    );
  }
  const asking = (id: string) => asked.filter(({ check }) => check.remedies.some((it) => it.id === id));
  const flag = asking(setFlag.id);
  const isChosen = identity !== undefined && main.azureImage !== undefined;
  const chosen = isChosen ? ['--identity'] : [];
  return repairs.map(({ id, repair }) => {
    const own = asking(id);
    // The flag is never set without what it stands on: that would cut off a site that pulls with credentials.
    const findings = own.length === 0 && standsBelowFlag.includes(id) ? flag : own;
    const views = findings.map(({ view }) => view);
    return {
      repair,
      remedy: id,
      because: findings.length > 0 ? [...new Set(findings.map(({ check }) => check.id))] : chosen,
      views: [...new Set(isChosen ? [main, ...views] : views)],
    };
  });
}

const standsBelowFlag = [assignIdentity.id, grantPull.id];

/** Each write once, for all that ask for it. */
function unique(steps: Step[]): Step[] {
  const byWrite = new Map<string, Step>();
  for (const step of steps) {
    const key = writeKey(step.write);
    const same = byWrite.get(key);
    if (same) same.because = [...new Set([...same.because, ...step.because])];
    else byWrite.set(key, { ...step });
  }
  return [...byWrite.values()];
}

function pullsWithCredentials(view: SiteView): boolean {
  const { config } = view.site;
  const isOff = config.known && !config.value.acrUseManagedIdentityCreds;
  return isOff && storedCredentials(view).kind === 'usable';
}
