import type { Diagnosis, Finding } from '../checks/diagnose.ts';
import { Failure } from '../failure.ts';
import { isStack } from '../pull-path/image-reference.ts';
import { type SiteView, siteName, viewsOf } from '../pull-path/site-view.ts';
import { aimOf, type Choices } from './aim.ts';
import { assignIdentity } from './assign-identity.ts';
import { grantPull } from './grant-pull.ts';
import { type GrantWait, grantWait, requireKnownGrant } from './grant-wait.ts';
import { repairs } from './index.ts';
import type { Remedy } from './remedy.ts';
import { planRemoval, removeCredentials } from './remove-credentials.ts';
import { setFlag } from './set-flag.ts';
import { writeKey } from './writes/index.ts';
import type { Write } from './writes/write.ts';

/** Steps in the order in which they are safe. */
export interface Plan {
  /** Such as that of a site. */
  name: string;
  steps: Step[];
  /** Of a site that can pull as it is: before that is changed, its grant has to count. */
  wait?: GrantWait | undefined;
  /** What is taken away last, once a pull with the identity is proven. */
  removal?: Step | undefined;
}

/** All that a plan writes. */
export const writesOf = ({ steps, removal }: Plan): Write[] =>
  [...steps, ...(removal ? [removal] : [])].map(({ write }) => write);

/** What `fix` would do to one site. */
export interface SitePlan extends Plan {
  view: SiteView;
  /** What is broken and can only be mended by a person. */
  left: Finding[];
}

export interface Step {
  /** The id of the remedy. */
  remedy: string;
  write: Write;
  /** The ids of the checks that ask for it, or the option that does. */
  because: string[];
}

export interface Wishes extends Choices {
  /**
   * The ids of the checks that are to be mended, and no others, in capitals. A warning counts when it is named here.
   */
  only?: string[] | undefined;
  /** Take stored credentials away. */
  removeCredentials?: boolean | undefined;
  /** See {@link GrantWait}; 0 when left out. */
  waitMs?: number | undefined;
}

/** Pure: from findings to steps, for each site, in the order of `repairs`; nothing that holds already is touched. */
export function planSites(diagnoses: Diagnosis[], wishes: Wishes = {}): SitePlan[] {
  const pulls = diagnoses.flatMap(({ view }) => viewsOf(view.snapshot, view.site));
  return diagnoses.map((diagnosis) => planSite(diagnosis, wishes, pulls));
}

function planSite(diagnosis: Diagnosis, wishes: Wishes, pulls: SiteView[]): SitePlan {
  const { view } = diagnosis;
  const { only } = wishes;
  // What runs code pulls nothing: an identity and the flag would only restart it.
  const findings = diagnosis.findings.filter(({ check }) => check.link === 'image' || !runsCode(view));
  const failed = findings.filter(({ verdict }) => verdict.status === 'fail');
  const isAsked = ({ check, verdict }: Finding): boolean => {
    if (only) return only.includes(check.id.toUpperCase());
    // Without the flag the site needs what is to be removed.
    return verdict.status === 'fail' || (wishes.removeCredentials === true && isMendedBy(check, setFlag));
  };
  const steps = requested(findings.filter(isAsked), wishes, view).flatMap(
    ({ repair, remedy, because, views }) =>
      views.flatMap((judged): Step[] => {
        const aim = aimOf(judged, wishes, pulls);
        const write = aim && repair.plan(judged, aim);
        return write ? [{ remedy, write, because }] : [];
      }),
  );
  const mended = new Set(steps.flatMap(({ because }) => because));
  return {
    name: siteName(view),
    view,
    steps: merged(steps),
    left: failed.filter((finding) => !mended.has(finding.check.id) && isAsked(finding)),
    removal: wishes.removeCredentials ? removalOf(view) : undefined,
    wait: waitFor(diagnosis, steps, wishes),
  };
}

const runsCode = ({ image }: SiteView) => image !== undefined && isStack(image);

/** What the steps have to wait for before the site depends on them; refuses them when that cannot be told. */
function waitFor(diagnosis: Diagnosis, steps: Step[], wishes: Wishes): GrantWait | undefined {
  const aim = aimOf(diagnosis.view, wishes);
  const writes = (kind: Write['kind']) => steps.some(({ write }) => write.kind === kind);
  if (!aim || !writes('site-config')) return undefined;
  requireKnownGrant(diagnosis, aim);
  return grantWait(diagnosis, aim, { ms: wishes.waitMs ?? 0, isNew: writes('role-assignment') });
}

const isMendedBy = ({ remedies }: Finding['check'], { id }: Remedy) => remedies.some((it) => it.id === id);

function removalOf(view: SiteView): Step | undefined {
  const write = planRemoval(view);
  return write && { remedy: removeCredentials.id, write, because: ['--remove-credentials'] };
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
  const asking = (remedy: Remedy) => asked.filter(({ check }) => isMendedBy(check, remedy));
  const flag = asking(setFlag);
  const isChosen = identity !== undefined && main.azureImage !== undefined;
  const chosen = isChosen ? ['--identity'] : [];
  return repairs.map((remedy) => {
    const { id, repair } = remedy;
    const own = asking(remedy);
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

/** Each write once, for all that ask for it; and of a site's configuration one, since each restarts it. */
function merged(steps: Step[]): Step[] {
  const byKey = new Map<string, Step>();
  for (const step of steps) {
    const { write } = step;
    const key = write.kind === 'site-config' ? `${write.kind} ${write.site}` : writeKey(write);
    const same = byKey.get(key);
    byKey.set(key, same ? both(same, step) : step);
  }
  return [...byKey.values()];
}

function both(a: Step, b: Step): Step {
  const because = [...new Set([...a.because, ...b.because])];
  if (a.write.kind !== 'site-config' || b.write.kind !== 'site-config') return { ...a, because };
  const from = { ...a.write.from, ...b.write.from };
  const to = { ...a.write.to, ...b.write.to };
  return { ...a, because, write: { ...a.write, from, to } };
}
