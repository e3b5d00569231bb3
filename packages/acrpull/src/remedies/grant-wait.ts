import type { Diagnosis } from '../checks/diagnose.ts';
import { storedCredentials } from '../checks/flag/flag-facts.ts';
import { Failure } from '../failure.ts';
import { pullGrants } from '../pull-path/permissions.ts';
import { type SiteView, siteName } from '../pull-path/site-view.ts';
import { type Aim, principalOf } from './aim.ts';

/** How old a grant has to be before a site comes to depend on it: Azure takes a while to honour one (cause C1). */
export interface GrantWait {
  ms: number;
  /** ISO 8601: when the grant was made that is there already. */
  grantedOn: string | undefined;
}

/**
 * What to wait for at a site that can pull as it is; a broken one has nothing to lose, and need not wait. `isNew`:
 * whether the plan makes the grant; one that is there and old enough needs no more time. Pure.
 */
export function grantWait(
  diagnosis: Diagnosis,
  aim: Aim,
  { ms, isNew }: { ms: number; isNew: boolean },
): GrantWait | undefined {
  const { view } = diagnosis;
  if (ms === 0 || !pullsToday(diagnosis)) return undefined;
  const wait = { ms, grantedOn: grantedOn(view, principalOf(aim, view)) };
  const isYoung = leftToWait(wait, undefined, Date.parse(view.snapshot.takenOn)) > 0;
  return isNew || isYoung ? wait : undefined;
}

/** Refuses to let a site that can pull as it is depend on a grant of which nothing is known. */
export function requireKnownGrant(diagnosis: Diagnosis, aim: Aim): void {
  const { view } = diagnosis;
  const principalId = principalOf(aim, view);
  const held = principalId === undefined ? undefined : view.snapshot.grants[principalId];
  const unread = [view.registry, held].find((fact) => fact?.known === false);
  if (!unread || unread.known || !pullsToday(diagnosis)) return;
  const { message, resource, action } = unread.because;
  throw new Failure(
    `${siteName(view)} pulls today, and whether the identity may pull could not be read: ${message}`,
    { resource, next: `let somebody plan it who may read role assignments${action ? ` (${action})` : ''}` },
  );
}

const pullsToday = ({ view, firstBroken }: Diagnosis): boolean =>
  firstBroken === undefined || pullsWithCredentials(view);

function pullsWithCredentials(view: SiteView): boolean {
  const { config } = view.site;
  const isOff = config.known && !config.value.acrUseManagedIdentityCreds;
  return isOff && storedCredentials(view).kind === 'usable';
}

function grantedOn(view: SiteView, principalId: string | undefined): string | undefined {
  const held = principalId === undefined ? undefined : view.snapshot.grants[principalId];
  if (!held?.known || !view.registry?.known || !view.azureImage) return undefined;
  const grants = pullGrants(held.value, view.registry.value, view.azureImage.repository);
  const dates = grants.flatMap(({ createdOn }) => createdOn ?? []);
  // One that is old enough will do.
  return dates.sort()[0];
}

/** How long is left to wait. `madeOn`: when the run itself has made the grant. */
export function leftToWait({ ms, grantedOn }: GrantWait, madeOn: number | undefined, now: number): number {
  const since = madeOn ?? (grantedOn === undefined ? undefined : Date.parse(grantedOn));
  return since === undefined ? 0 : Math.max(0, since + ms - now);
}
